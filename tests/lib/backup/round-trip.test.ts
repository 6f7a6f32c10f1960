import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedsInSnapshot } from '@ccci/lib/backup/in-snapshot.ts';
import { openRepository } from '@ccci/lib/backup/restic.ts';
import { restoreBackup } from '@ccci/lib/backup/restore.ts';
import { checkSeeds, destroySeeds, type SeedOptions, seedVolumes } from '@ccci/lib/backup/seed.ts';
import { takeBackup } from '@ccci/lib/backup/take.ts';
import { readBackupLabels } from '@ccci/lib/recipe/backup-labels.ts';
import type { Stack } from '@ccci/lib/recipe/compose.ts';
import { runChild } from '@ccci/lib/swarm/child.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { execInContainer } from '@ccci/lib/swarm/exec.ts';
import { taskAddresses } from '@ccci/lib/swarm/tasks.ts';
import t, { type Test } from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { type LabRun, labRun, web } from '../swarm/lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);
t.jobs = 3;

const image = 'lab.invalid/web:1';
const volume = (source: string, target: string) => ({ type: 'volume', source, target });

t.test(
  'L40 L42 L43 without hooks: seeded, saved, destroyed with the volume, back byte for byte',
  async (t) => {
    const lab = labRun(t, engine);
    const app = web(
      1,
      { volumes: [volume('data', '/data'), volume('part', '/part'), volume('cache', '/cache')] },
      {
        labels: {
          'backupbot.backup': 'true',
          'backupbot.backup.volumes.cache': 'false',
          'backupbot.backup.volumes.part.path': 'kept,other',
        },
      },
    );
    const { options, repository } = await land(t, lab, { app }, { data: {}, part: {}, cache: {} });
    await inApp(
      lab,
      'mkdir -p /part/kept/deep /part/rest && echo one > /part/kept/deep/file && echo two > /part/rest/file && echo three > /cache/file && chown -R 33:44 /part/kept && chmod 700 /part/kept',
    );

    const seeds = await seedVolumes({ ...options, token: 'abc123' });
    t.same(
      seeds.files.map(({ path }) => path),
      ['ccci-seed-abc123', 'kept/ccci-seed-abc123'],
    );
    t.same(statuses(await checkSeeds(seeds, options)), ['pass', 'pass']);

    const backup = await takeBackup({ ...options, repository });
    t.match(backup, { ok: true, summary: null, snapshot: /^[0-9a-f]{8,}$/ });
    t.same(statuses(await seedsInSnapshot(seeds, { ...options, repository, snapshot: backup.snapshot! })), [
      'pass',
      'pass',
    ]);

    t.same(await destroySeeds(seeds, options), []);
    t.same(statuses(await checkSeeds(seeds, options)), ['fail', 'fail']);
    await inApp(lab, 'echo new > /data/later; echo new > /part/kept/later; echo changed > /part/rest/file');

    const restore = await restoreBackup({ ...options, repository, snapshot: backup.snapshot! });
    t.match(restore, { ok: true, summary: null, convergence: { ok: true } });
    t.same(statuses(await checkSeeds(seeds, options)), ['pass', 'pass']);
    const seen =
      'ls /data/later /part/kept/later 2>/dev/null; cat /part/kept/deep/file /part/rest/file /cache/file; stat -c "%u:%g %a" /part/kept';
    t.equal(
      await inApp(lab, seen),
      'one\nchanged\nthree\n33:44 700\n',
      'what the snapshot holds is as it was, the rest is as it is',
    );
  },
);

t.test(
  'L40 L41 with hooks: a dump in the volume, restored into the running service; failing hooks fail',
  async (t) => {
    const lab = labRun(t, engine);
    const app = (pre: string) =>
      web(
        1,
        { volumes: [volume('data', '/data')] },
        {
          labels: {
            'backupbot.backup': 'true',
            'backupbot.backup.volumes.data.path': 'dump',
            'backupbot.backup.pre-hook': pre,
            'backupbot.backup.post-hook': 'rm -r /data/dump',
            'backupbot.restore.post-hook': 'cp /data/dump/state /tmp/state',
          },
        },
      );
    const { options, repository } = await land(
      t,
      lab,
      { app: app("sh -c 'mkdir -p /data/dump && cat /tmp/state | cat > /data/dump/state'") },
      { data: {} },
    );
    await inApp(lab, 'echo precious > /tmp/state; echo live > /data/live');
    const lines: string[] = [];
    const backup = await takeBackup({
      ...options,
      repository,
      onLine: (service, line) => lines.push(`${service}: ${line}`),
    });
    t.match(backup, {
      ok: true,
      hooks: [
        { when: 'backup.pre', exitCode: 0 },
        { when: 'backup.post', exitCode: 0 },
      ],
    });
    t.equal(await inApp(lab, 'ls /data'), 'live\n', 'the post-hook has cleaned up');
    await inApp(lab, 'echo ruined > /tmp/state; echo later > /data/live');
    const restore = await restoreBackup({ ...options, repository, snapshot: backup.snapshot! });
    t.match(restore, { ok: true, hooks: [{ when: 'restore.post' }] });
    t.equal(
      await inApp(lab, 'cat /tmp/state /data/live'),
      'precious\nlater\n',
      'the live file is not touched',
    );

    const broken = (command: string) => ({
      ...options,
      repository,
      spec: { ...options.spec, hooks: [{ service: 'app', when: 'backup.pre' as const, command }] },
    });
    const piped = await takeBackup(broken('echo no space left >&2; false | cat'));
    t.match(piped, {
      ok: false,
      snapshot: null,
      summary: 'the backup.pre-hook of app failed (exit 1: "no space left")',
    });
    t.match(await takeBackup(broken('/nosuch/dump')), {
      ok: false,
      summary: /^the backup.pre-hook of app failed \(exit 127/,
    });
  },
);

t.test('L40 a tar that breaks off never becomes a snapshot; a dump that fails is told', async (t) => {
  const { dir, passwordFile } = repositoryPlace(t);
  const signal = AbortSignal.timeout(30_000);
  const repository = await openRepository({ dir, passwordFile, signal });
  const { Readable } = await import('node:stream');
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(100_000);
      throw new Error('the engine went away');
    })(),
  );
  await t.rejects(repository.backup(broken, { name: 'volumes' }), { message: 'the engine went away' });
  const restic = [
    '--repo',
    dir,
    '--password-file',
    passwordFile,
    '--no-cache',
    '--no-lock',
    'snapshots',
    '--json',
  ];
  const { stdout } = await runChild('restic', restic, { env: { PATH: process.env.PATH }, timeoutMs: 20_000 });
  t.same(JSON.parse(stdout) ?? [], [], 'no snapshot was made');
  const again = await openRepository({ dir, passwordFile, signal });
  const { snapshot } = await again.backup(Readable.from([Buffer.from('tar')]), { name: 'volumes' });
  t.equal(String(await again.dump(snapshot, { name: 'volumes' }).toArray()), 'tar');
  await t.rejects(again.dump('ffffffff', { name: 'volumes' }).toArray(), { code: 'restic-failed' });
});

t.test('a disk that is full makes no snapshot, and restic says so', async (t) => {
  const { dir, passwordFile } = repositoryPlace(t);
  mkdirSync(dir);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dir]);
  t.teardown(() => execFileSync('umount', [dir]));
  const repository = await openRepository({ dir, passwordFile, signal: AbortSignal.timeout(60_000) });
  const { Readable } = await import('node:stream');
  const much = Readable.from(Array.from({ length: 16 }, () => randomBytes(1024 * 1024)));
  await t.rejects(repository.backup(much, { name: 'volumes' }), {
    code: 'restic-failed',
    message: /no space left on device/,
  });
});

async function land(
  t: Test,
  lab: LabRun,
  services: Record<string, Record<string, unknown>>,
  volumes: Record<string, object>,
) {
  t.match(await lab.land(services, { volumes }), { ok: true });
  const compose = { services, volumes } as unknown as Stack;
  const { signal, stack, labels } = lab;
  const options: SeedOptions = {
    engine,
    stack,
    spec: readBackupLabels(compose, stack),
    compose,
    image,
    labels,
    signal,
  };
  const place = repositoryPlace(t);
  return { options, repository: await openRepository({ ...place, signal }) };
}

function repositoryPlace(t: Test): { dir: string; passwordFile: string } {
  const scratch = mkdtempSync(join(tmpdir(), 'ccci-backup-'));
  t.teardown(() => rmSync(scratch, { recursive: true }));
  writeFileSync(join(scratch, 'password'), 'pw');
  return { dir: join(scratch, 'repository'), passwordFile: join(scratch, 'password') };
}

async function inApp(lab: LabRun, command: string): Promise<string> {
  const [task] = await taskAddresses(engine, lab.stack, 'app');
  const { stdout } = await execInContainer(engine, task!.container, ['sh', '-c', command], {
    timeoutMs: 20_000,
    signal: lab.signal,
  });
  return stdout;
}

function statuses(checks: readonly { readonly status: string }[]): string[] {
  return checks.map(({ status }) => status);
}
