import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOwner } from '@ccci/lib/state/layout.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { byHand, checkOut, makeHome, startStage, writeSettings } from '../tools/stage/home.ts';
import type { Ended } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const home = makeHome(t.testdir());
const settings = `needs: [idp]
shared: [idp]
env:
  IDP_URL: \${NEEDS_IDP_URL}
  IDP_CLIENT: \${NEEDS_IDP_CLIENT_ID}
  IDP_SECRET: \${NEEDS_IDP_CLIENT_SECRET}
timeouts:
  deploy: 60
  http: 20
`;
const idp = await checkOut(home, 'idp');
const one = await checkOut(home, 'needs-idp', { as: 'one' });
const two = await checkOut(home, 'needs-idp', { as: 'two' });
for (const name of ['one', 'two']) writeSettings(home, name, settings);

t.test('two runs at once use one dependency, which stays up', async (t) => {
  const both = [one, two].map((checkout) => startStage(home, [byHand(checkout, { quick: true })]));
  const ended = await Promise.all(both.map((run) => run.ended));
  for (const end of ended) {
    t.match(finished(end), { verdict: 'green', flags: { clean_teardown: true, no_secret_leak: true } });
    t.equal(end.exit, 0, end.stderr);
  }
  t.equal(ended.filter((end) => says(end, /is up already/)).length, 1, 'one has deployed it, one has not');
  t.equal(idpContainers().length, 1, 'it is still up');
  t.equal(inside('ls /data/clients'), '', 'what was provided for the runs is revoked');
  t.same(leftOnEngine('one-'), nothing);
  t.same(leftOnEngine('two-'), nothing);
  t.same(readdirSync(join(home.runs, 'shared-idp', 'users')), [], 'nobody is noted as using it');
  t.ok(existsSync(join(home.runs, 'shared-idp', 'shared')), 'the janitor sees that nobody need live in it');
});

t.test('a later run takes it as it is', async (t) => {
  const [before] = idpContainers();
  const end = await startStage(home, [byHand(one, { quick: true })]).ended;
  t.match(finished(end), { verdict: 'green' });
  t.ok(says(end, /1\.0\.0\+1\.0\.0 is up already/));
  t.same(idpContainers(), [before], 'the very same container');
});

t.test('one that is no longer healthy is deployed anew', async (t) => {
  const [before] = idpContainers();
  execFileSync('docker', ['service', 'scale', '--detach', `${idpService()}=0`]);
  const end = await startStage(home, [byHand(one, { quick: true })]).ended;
  t.match(finished(end), { verdict: 'green' });
  const [after] = idpContainers();
  t.ok(after);
  t.not(after, before);
});

t.test('a newer published version takes its place, when nobody uses it', async (t) => {
  const bare = `${idp.dir}.git`;
  git(idp.dir, ['commit', '--quiet', '--allow-empty', '--message', 'Next']);
  git(idp.dir, ['tag', '--annotate', '--message', 'Next', '1.1.0+1.0.0']);
  git(idp.dir, ['push', '--quiet', bare, 'HEAD', '1.1.0+1.0.0']);
  const end = await startStage(home, [byHand(one, { quick: true })]).ended;
  t.match(finished(end), { verdict: 'green' });
  t.notOk(says(end, /is up already/));
  const label = ['service', 'inspect', idpService(), '--format', '{{index .Spec.Labels "ccci.ref"}}'];
  t.equal(docker(label), git(idp.dir, ['rev-parse', 'HEAD']));
});

t.test(
  'it carries the labels of its owner and of a run of its own, by which it can be removed',
  async (t) => {
    const owner = await readOwner(home.state);
    const engine = connectEngine(process.env.DOCKER_HOST);
    const all = { stack: 'none', run: 'shared-idp', owner, timeoutMs: 60_000 };
    t.same(await removeRun(engine, all), { clean: true, left: [] });
    t.same(leftOnEngine('idp-'), nothing);
  },
);

function finished({ records }: Ended) {
  return records.find(({ type }) => type === 'run.finished');
}

function says({ records }: Ended, words: RegExp): boolean {
  return records.some(({ type, line }) => type === 'log' && words.test(String(line)));
}

function idpService(): string {
  return docker(['service', 'ls', '--filter', 'label=ccci.run=shared-idp', '--format', '{{.Name}}']);
}

function idpContainers(): string[] {
  const filter = `label=com.docker.swarm.service.name=${idpService()}`;
  return docker(['ps', '--quiet', '--filter', filter]).split('\n').filter(Boolean);
}

function inside(script: string): string {
  return docker(['exec', String(idpContainers()[0]), 'sh', '-c', script]);
}

function docker(args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}

function git(cwd: string, args: string[]): string {
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@recipes.invalid'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8' }).trim();
}
