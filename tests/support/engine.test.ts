import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { type Box, startBox } from './engine/box.ts';
import { callEngine } from './engine/call.ts';
import { boxCommand, boxEnv, runInBox } from './engine/enter.ts';
import { images, importImages } from './engine/images.ts';

t.test('a box comes up with a swarm and the images, beside another one, and leaves nothing', async (t) => {
  const boxes = await Promise.all([startBox(), startBox({ swarm: false })]);
  t.teardown(() => Promise.all(boxes.map((box) => box.stop())));
  const [one, two] = boxes;
  t.equal(await swarmState(one), 'active');
  t.equal(await swarmState(two), 'inactive', 'an engine that is no swarm, on wish');
  await importImages(one);
  const tags = JSON.parse(await callEngine(one.socket, 'GET', '/images/json')).flatMap(
    (image: { RepoTags: string[] }) => image.RepoTags,
  );
  t.same(tags.sort(), [...images]);
  t.equal(await callEngine(two.socket, 'GET', '/images/json'), '[]\n', 'boxes share no images');
  t.not(network(one.pid), network(two.pid), 'boxes share no network');

  const traces = boxes.map(traceOf);
  await Promise.all(boxes.map((box) => box.stop()));
  for (const trace of traces) t.same(leftovers(trace), []);
  await one.stop();
  t.pass('a second stop is no error');
});

t.test('an image runs: its shell, and its web page from inside the box', async (t) => {
  const box = await startBox();
  t.teardown(box.stop);
  await importImages(box);
  const script = `docker run --rm lab.invalid/web:3 sh -c 'cat /etc/image' &&
    docker run -d --network host lab.invalid/web:2 >${box.dir}/id &&
    timeout 10 sh -c 'until busybox wget -qO- http://127.0.0.1/; do :; done' &&
    timeout 5 docker stop -t 60 "$(cat ${box.dir}/id)" >${box.dir}/id`;
  t.same(await output(box, ['sh', '-c', script]), ['web 3', 'web 2']);
});

t.test('a command in a box: its engine, its exit status, and its end with the box', async (t) => {
  const box = await startBox({ swarm: false });
  t.teardown(box.stop);
  const check = `test "$DOCKER_HOST" = ${box.dockerHost} && test "$CCCI_TEST_BOX" = ${box.dir} && test "$EXTRA" = 1 && exit 7`;
  t.equal(await runInBox(box, ['sh', '-c', check], { EXTRA: '1' }), 7);
  t.equal(await runInBox(box, ['sh', '-c', 'kill -TERM $$']), 143);
  const stray = runInBox(box, ['sleep', '600']);
  await box.stop();
  t.equal(await stray, 137, 'whatever is still in the box is ended with it');
});

t.test('a box ends with its owner, even when that is killed', async (t) => {
  const owner = `
    import { startBox } from ${JSON.stringify(join(import.meta.dirname, 'engine/box.ts'))};
    import { runInBox } from ${JSON.stringify(join(import.meta.dirname, 'engine/enter.ts'))};
    const box = await startBox();
    void runInBox(box, ['sleep', '600']);
    console.log(JSON.stringify(box));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', owner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout!), 'line');
  const trace = traceOf(JSON.parse(line));
  t.not(leftovers(trace).length, 0, 'the traces are there while it lives');
  child.kill('SIGKILL');
  t.ok(await within(60_000, () => leftovers(trace).length === 0), `left: ${leftovers(trace)}`);
});

t.test('an engine that cannot start is a clear failure and leaves nothing', async (t) => {
  const { PATH, TMPDIR } = process.env;
  const scratch = mkdtempSync(join(tmpdir(), 'ccci-test-'));
  t.teardown(() => {
    Object.assign(process.env, { PATH, TMPDIR });
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    rmSync(scratch, { recursive: true });
  });
  process.env.TMPDIR = scratch;
  process.env.PATH = `${t.testdir({ dockerd: t.fixture('symlink', '/bin/false') })}:${PATH}`;
  await t.rejects(startBox(), { code: 'box-failed', status: 69 });
  process.env.PATH = `${t.testdir({ unshare: t.fixture('symlink', '/bin/false') })}:${PATH}`;
  await t.rejects(startBox(), { code: 'box-failed', status: 69 });
  t.same(readdirSync(scratch), []);
});

type Trace = { readonly dir: string; readonly pid: number; readonly network: string };

function traceOf({ dir, pid }: Box): Trace {
  return { dir, pid, network: network(pid) };
}

/** What is still there of a box: its processes, mounts, cgroups and folder. */
function leftovers({ dir, network: net }: Trace): string[] {
  const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && network(Number(pid)) === net);
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(dir));
  const groups = ['', ...readdirSync('/sys/fs/cgroup')].map((name) =>
    join('/sys/fs/cgroup', name, basename(dir)),
  );
  return [
    ...processes,
    ...mounts,
    ...groups.filter((group) => existsSync(group)),
    ...(existsSync(dir) ? [dir] : []),
  ];
}

function network(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

async function swarmState(box: Box): Promise<string> {
  return JSON.parse(await callEngine(box.socket, 'GET', '/info')).Swarm.LocalNodeState;
}

async function output(box: Box, argv: string[]): Promise<string[]> {
  const [command, ...args] = boxCommand(box, argv);
  const child = spawn(command!, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...boxEnv(box) },
  });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout!)) lines.push(line);
  return lines;
}

/** Looks again and again, bounded; a process that is not ours has no event for its end. */
async function within(ms: number, isSo: () => boolean): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!isSo() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  return isSo();
}
