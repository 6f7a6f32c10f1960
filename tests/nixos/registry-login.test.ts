/** The unit's login to registries, with a real client and engine; the registry is a stand-in on loopback. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { ensureImages } from '@ccci/lib/swarm/images.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { startRegistry } from '../support/registry.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const run = promisify(execFile);
const script = join(import.meta.dirname, '..', '..', 'modules', 'host', 'registry-login.sh');
const password = 'pass:w0rd "with" $all \\of it';

const dir = mkdtempSync(join(tmpdir(), 'ccci-login-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
chmodSync(dir, 0o755);
const folder = join(dir, 'docker');
const env = { PATH: process.env.PATH, DOCKER_CONFIG: folder, CREDENTIALS_DIRECTORY: dir };
const registry = await startRegistry('app', { user: 'ana', password });
t.teardown(registry.close);
const image = `${registry.host}/app:1`;

const write = (text: string) => writeFileSync(join(dir, 'registry-own'), text, { mode: 0o600 });
const login = () =>
  run('bash', [script], { env, timeout: 60_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
/** As ccci-stage does it, and by the client. */
const pull = async (at = folder) => {
  const options = { timeoutMs: 60_000, dockerConfig: at };
  const [ours] = await ensureImages(connectEngine(box.dockerHost), [image], options);
  await run('docker', ['image', 'rm', image]).catch(() => {});
  const argv = ['--config', at, 'pull', image];
  const { stderr } = await run('docker', argv, { timeout: 60_000 }).catch(
    (error) => error as { stderr: string },
  );
  await run('docker', ['image', 'rm', image]).catch(() => {});
  return { client: stderr, ours };
};

t.test('a good login pulls, and lies where its user alone can read it', async (t) => {
  write(`${registry.host} ana\n${password}\n`);
  t.match(await login(), { code: 0, stdout: '', stderr: '' });
  const file = join(folder, 'config.json');
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.equal(statSync(folder).mode & 0o777, 0o700);
  const other = run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'cat', file]);
  t.match(await other.catch((error) => error), { code: 1, stderr: /Permission denied/ });
  t.match(await pull(), { client: '', ours: { state: 'pulled' } });
  const before = readFileSync(file, 'utf8');
  await login();
  t.equal(readFileSync(file, 'utf8'), before, 'twice is once');
  t.match(await pull(join(dir, 'none')), { client: /no basic auth|unauthorized/, ours: { state: 'failed' } });
});

t.test('the password is in no argument and no variable of any process', async (t) => {
  const trace = join(dir, 'trace');
  const traced = ['-f', '-v', '-s', '10000', '-e', 'trace=execve', '-o', trace, 'bash', script];
  await run('strace', traced, { env });
  const text = readFileSync(trace, 'utf8');
  t.match(text, /execve\([^\n]*base64/, 'what it starts is seen');
  for (const form of [password, 'pass:w0rd', Buffer.from(`ana:${password}`).toString('base64')])
    t.notOk(text.includes(form), form);
});

t.test(
  'a wrong password and a registry that is away are told by the pull, without the password',
  async (t) => {
    write(`${registry.host} ana\nnot ${password}\n`);
    t.match(await login(), { code: 0, stdout: '', stderr: '' }, 'nothing is asked of the registry');
    const wrong = await pull();
    t.match(wrong, { client: /unauthorized/, ours: { state: 'failed', message: /unauthorized/ } });
    t.notMatch(JSON.stringify(wrong), 'w0rd');
    registry.close();
    t.match(await login(), { code: 0, stderr: '' });
    t.match(await pull(), {
      client: /connection refused/,
      ours: { state: 'failed', message: /connection refused/ },
    });
  },
);

t.test('Docker Hub by any of its names; lines as Windows ends them', async (t) => {
  const auth = Buffer.from('ana:secret').toString('base64');
  for (const name of ['docker.io', 'index.docker.io', 'https://index.docker.io/v1/']) {
    write(`${name} ana\r\nsecret\r\n`);
    t.match(await login(), { code: 0 });
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
    t.same(config, { auths: { 'https://index.docker.io/v1/': { auth } } }, name);
  }
});

t.test('what is no login is refused by name, and leaves none', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /own: a login file has to hold a line "REGISTRY USER" and then the password/],
    ['registry.example.org\nw0rd\n', /own: a login file has to hold/],
    ['registry.example.org ana\n', /own: a login file has to hold/],
    ['registry.example.org ana w0rd\n', /own: a login file has to hold/],
    ['https://registry.example.org/v2 ana\nw0rd\n', /own: the registry has to be a host such as/],
    ['x":{"a ana\nw0rd\n', /own: the registry has to be a host/],
    ['registry.example.org a:na\nw0rd\n', /own: a user has no colon/],
    ['registry.example.org ana\nw0rd\nmore\n', /and a password no second line/],
  ];
  for (const [text, words] of cases) {
    write(text);
    const { code, stderr } = await login();
    t.match({ code, stderr }, { code: 78, stderr: words }, text);
    t.notMatch(stderr, 'w0rd');
    t.notOk(existsSync(join(folder, 'config.json')));
  }
  rmSync(join(dir, 'registry-own'));
  t.match(await login(), { code: 0, stderr: '' }, 'without any there is nothing to do');
});
