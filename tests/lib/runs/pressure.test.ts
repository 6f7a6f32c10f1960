import { readDiskSpace } from '@ccci/lib/runs/disk-space.ts';
import { availableMb, checkRoom, judgeRoom } from '@ccci/lib/runs/pressure.ts';
import t from 'tap';

const needed = { minDiskMb: 1000, minMemoryMb: 200 };
const room = (freeMb: number | null, memoryMb: number | null, engineMb: number | null = 5000) => ({
  disks: [
    { path: '/runs', freeMb },
    { path: '/engine', freeMb: engineMb },
  ],
  memoryMb,
});

t.test('L60 too little disk or memory is said with what there is and what to do', async (t) => {
  t.equal(judgeRoom(room(1000, 200), needed), null);
  t.match(judgeRoom(room(999.9, 200), needed), {
    status: 75,
    code: 'disk-pressure',
    message: 'the disk is full: 999 MiB are free in /runs, and a run needs 1000 MiB',
    hint: /stage\.minDiskMb/,
  });
  t.match(judgeRoom(room(1000, 200, 5), needed), { code: 'disk-pressure', message: /in \/engine/ });
  t.match(judgeRoom(room(1000, 199), needed), { status: 75, code: 'memory-pressure', message: /199 MiB/ });
  t.equal(judgeRoom(room(null, null, null), needed), null, 'what cannot be known keeps nobody from running');
});

t.test('what this machine has', async (t) => {
  await checkRoom({ runs: '/nowhere/yet', dataRoot: null }, { minDiskMb: 0, minMemoryMb: 0 });
  const all = { minDiskMb: Number.MAX_SAFE_INTEGER, minMemoryMb: 0 };
  await t.rejects(checkRoom({ runs: '/nowhere/yet', dataRoot: null }, all), { code: 'disk-pressure' });
  const { freeBytes, usedPercent } = await readDiskSpace('/nowhere/yet');
  t.ok(freeBytes > 0 && usedPercent > 0 && usedPercent < 100);
  t.equal(availableMb('MemTotal:  100 kB\nMemAvailable:    2048 kB\n'), 2);
  t.equal(availableMb(''), null);
});
