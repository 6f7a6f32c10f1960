import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '@ccci/lib/backup/restic.ts';
import { restoreBackup } from '@ccci/lib/backup/restore.ts';
import { takeBackup } from '@ccci/lib/backup/take.ts';
import { readBackupLabels } from '@ccci/lib/recipe/backup-labels.ts';
import type { Stack } from '@ccci/lib/recipe/compose.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { execInContainer } from '@ccci/lib/swarm/exec.ts';
import { taskAddresses } from '@ccci/lib/swarm/tasks.ts';
import t, { type Test } from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { type LabRun, labRun, web } from '../swarm/lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);

const isFull = process.env.CCCI_SCALE === 'full';
const largeMb = isFull ? 300 : 24;
const smallFiles = isFull ? 8_000 : 300;

/** Everything that a volume may hold, in one folder; `$1` is where. */
const fill = `set -e; mkdir -p "$1/deep/er" "$1/$(printf 'new\\nline')" "$1/ümläut 漢字"
echo one > "$1/deep/er/file"; chown 33:44 "$1/deep/er/file"; chmod 0640 "$1/deep/er/file"; chmod 2750 "$1/deep"
printf 'x' > "$1/$(printf 'new\\nline')/-f \\\\ \\"q\\" \\$HOME"
ln -s /etc/passwd "$1/absolute"; ln -s ../nowhere "$1/dangling"; ln "$1/deep/er/file" "$1/linked"
mkfifo "$1/pipe"; : > "$1/empty"; chmod 4755 "$1/empty"
dd if=/dev/zero of="$1/sparse" bs=1 count=1 seek=9000000 2>/dev/null
dd if=/dev/urandom of="$1/large" bs=1M count=${largeMb} 2>/dev/null
long=$(printf '%0100d' 0); mkdir -p "$1/$long/$long"; echo long > "$1/$long/$long/file"
mkdir "$1/many"; cd "$1/many"; seq ${smallFiles} | xargs touch`;

/** A line for each thing: kind, mode, owner, links, target; and the contents of all files. */
const look = `cd "$1"; find . | sort | while IFS= read -r f; do stat -c '%F %a %u:%g %N' "$f" 2>/dev/null; done
find . -type f ! -path './many/*' | sort | tr '\\n' '\\0' | xargs -0 md5sum 2>/dev/null; find many | wc -l; stat -c %h linked; cat new*/*`;

t.test('what a volume may hold comes back as it was, and what came later is gone', async (t) => {
  const { lab, options } = await land(t, {});
  await inApp(lab, fill, '/data');
  const before = await inApp(lab, look, '/data');
  t.match(before, /33:44/);
  const { snapshot } = await takeBackup(options);
  await inApp(
    lab,
    'rm -rf /data/deep /data/absolute; ln -s /data /data/absolute; echo late > /data/late',
    '',
  );
  t.match(await restoreBackup({ ...options, snapshot: snapshot! }), { ok: true });
  t.equal(await inApp(lab, look, '/data'), before);
});

t.test(
  'of a volume with named paths the rest stays as it is, whatever it holds and however much',
  async (t) => {
    const { lab, options } = await land(t, { 'backupbot.backup.volumes.data.path': 'kept,absent' });
    await inApp(lab, fill, '/data/kept');
    await inApp(lab, fill, '/data/rest');
    await inApp(lab, 'ln /data/kept/large /data/rest/same; ln /data/rest/deep/er/file /data/kept/theirs', '');
    const before = await inApp(lab, look, '/data/kept');
    const { snapshot, bytes } = await takeBackup(options);
    t.ok(bytes < 1.8 * largeMb * 1024 * 1024, `${bytes} bytes: the rest is not in it`);
    await inApp(lab, 'rm -rf /data/kept/deep /data/kept/theirs; echo changed > /data/rest/later', '');
    const rest = await inApp(lab, look, '/data/rest');
    t.match(await restoreBackup({ ...options, snapshot: snapshot! }), { ok: true });
    t.equal(await inApp(lab, look, '/data/kept'), before);
    t.equal(
      await inApp(lab, 'cat /data/kept/theirs', ''),
      'one\n',
      'the content of a link to a name outside',
    );
    t.equal(withoutCounts(await inApp(lab, look, '/data/rest')), withoutCounts(rest));
  },
);

t.test('L42 of two snapshots of one domain the one that is named comes back', async (t) => {
  const { lab, options } = await land(t, {});
  await inApp(lab, 'echo first > /data/state', '');
  const first = await takeBackup(options);
  await inApp(lab, 'echo second > /data/state', '');
  const second = await takeBackup(options);
  t.not(first.snapshot, second.snapshot);
  await restoreBackup({ ...options, snapshot: first.snapshot! });
  t.equal(await inApp(lab, 'cat /data/state', ''), 'first\n');
});

t.test('nothing of the host is touched through a link in the place of a saved folder', async (t) => {
  const { lab, options } = await land(t, { 'backupbot.backup.volumes.data.path': 'kept' });
  const outside = mkdtempSync(join(tmpdir(), 'ccci-outside-'));
  t.teardown(() => rmSync(outside, { recursive: true }));
  writeFileSync(join(outside, 'file'), 'of the host');
  await inApp(lab, `mkdir /data/kept; echo inner > /data/kept/file`, '');
  const { snapshot } = await takeBackup(options);
  await inApp(lab, `rm -r /data/kept; ln -s ${outside} /data/kept; ln -s / /data/root`, '');
  t.match(await restoreBackup({ ...options, snapshot: snapshot! }), { ok: true });
  const { readFileSync, readdirSync } = await import('node:fs');
  t.equal(readFileSync(join(outside, 'file'), 'utf8'), 'of the host');
  t.same(readdirSync(outside), ['file']);
  t.equal(await inApp(lab, 'cat /data/kept/file', ''), 'inner\n');
});

async function land(t: Test, labels: Record<string, string>) {
  const lab = labRun(t, engine);
  const app = web(
    1,
    { volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
    { labels: { 'backupbot.backup': 'true', ...labels } },
  );
  const volumes = { data: {} };
  t.match(await lab.land({ app }, { volumes }), { ok: true });
  const compose = { services: { app }, volumes } as unknown as Stack;
  const scratch = mkdtempSync(join(tmpdir(), 'ccci-backup-'));
  t.teardown(() => rmSync(scratch, { recursive: true }));
  writeFileSync(join(scratch, 'password'), 'pw');
  const { signal, stack } = lab;
  const place = { dir: join(scratch, 'repository'), passwordFile: join(scratch, 'password'), signal };
  const repository = await openRepository(place);
  const spec = readBackupLabels(compose, stack);
  return {
    lab,
    options: { engine, stack, spec, image: 'lab.invalid/web:1', labels: lab.labels, signal, repository },
  };
}

/** A file that had a name on either side is two files now. */
function withoutCounts(text: string): string {
  return text.replace(/\n\d+\n/g, '\n');
}

async function inApp(lab: LabRun, command: string, argument: string): Promise<string> {
  const [task] = await taskAddresses(engine, lab.stack, 'app');
  const { stdout, exitCode, stderr } = await execInContainer(
    engine,
    task!.container,
    ['sh', '-c', command, 'sh', argument],
    { timeoutMs: 60_000, signal: lab.signal },
  );
  if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout;
}
