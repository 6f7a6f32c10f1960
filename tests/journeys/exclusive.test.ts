import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { byHand, checkOut, makeHome, startStage, writeSettings } from '../tools/stage/home.ts';
import { is } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const home = makeHome(t.testdir());
const settings = 'timeouts:\n  deploy: 60\n  http: 30\n';
const port = '    ports:\n      - target: 8080\n        published: 18080\n        mode: host\n';
const withPort = (compose: string) => compose.replace('    networks:\n', `${port}    networks:\n`);
const plain = await checkOut(home, 'good', { as: 'beside' });
const alone = await checkOut(home, 'good', { as: 'alone', change: withPort });
writeSettings(home, 'alone', `${settings}exclusive: true\nallow:\n  - service.*.ports\n`);
const quick = { quick: true };

t.test('exclusive: true runs alone over several processes, keeps its ports, and never starves', async (t) => {
  const first = startStage(home, [byHand(plain, quick)]);
  await first.until(is('stage.started', 'install'), 'the first one is at work');
  const exclusive = startStage(home, [byHand(alone, quick)]);
  await exclusive.says(/waits until it may run alone/);
  const late = startStage(home, [byHand(plain, quick)]);
  await late.says(/waits for a run that is alone/);
  t.notOk((await exclusive.sofar()).some(is('run.started')), 'it has not begun');
  const ended = await first.ended;
  t.match(ended.records.find(is('run.finished')), { verdict: 'green' }, ended.stderr);
  const own = await exclusive.until(is('run.started'), 'its turn comes');
  await exclusive.until(is('stage.started', 'custom'), 'it serves');
  t.notOk((await late.sofar()).some(is('run.started')), 'who came later does not overtake it');
  t.equal(
    portsOf(stackName(String(own.domain))),
    '[{tcp 8080 18080 host}]',
    'published as the recipe has it',
  );
  const alonesEnd = await exclusive.ended;
  t.match(alonesEnd.records.find(is('run.finished')), { verdict: 'green' }, alonesEnd.stderr);
  t.notMatch(alonesEnd.stderr, /does not heed/);
  t.match((await late.ended).records.find(is('run.finished')), { verdict: 'green' });
  t.same(leftOnEngine('alon'), nothing);
  t.same(leftOnEngine('besi'), nothing);
});

t.test('published ports need allow, also of a recipe that runs alone', async (t) => {
  writeSettings(home, 'alone', `${settings}exclusive: true\n`);
  const { records } = await startStage(home, [byHand(alone, quick)]).ended;
  t.match(records.find(is('run.finished')), { verdict: 'incomplete', reason: /ports/ });
  writeSettings(home, 'alone', `${settings}exclusive: true\nallow:\n  - service.*.ports\n`);
});

for (const [signal, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  t.test(`${signal} while it waits for its turn ends it at once, as cancelled`, async (t) => {
    const first = startStage(home, [byHand(plain, quick)]);
    await first.until(is('stage.started', 'install'), 'the first one is at work');
    const exclusive = startStage(home, [byHand(alone, quick)]);
    await exclusive.says(/waits until it may run alone/);
    exclusive.signal(signal);
    const end = await exclusive.ended;
    t.equal(end.exit, exit, end.stderr);
    t.match(end.records.find(is('run.finished')), { verdict: 'cancelled', reason: new RegExp(signal) });
    t.notOk((await first.sofar()).some(is('run.finished')), 'while the other one goes on');
    t.match((await first.ended).records.find(is('run.finished')), { verdict: 'green' });
  });
}

t.test('L60 what fills the disk ends red, and the engine has room again', async (t) => {
  const greedy = await checkOut(home, 'good', { as: 'greedy' });
  const script = join(greedy.dir, 'entrypoint.sh');
  const fill =
    'i=0; (while sleep 0.1; do i=$((i+1)); head -c 8000000 /dev/zero >/data/fill$i; done) &\nexec httpd';
  execFileSync('sed', [
    '-i',
    `s#^exec httpd#${fill.replaceAll('\n', '\\n').replaceAll('&', '\\&')}#`,
    script,
  ]);
  writeSettings(home, 'greedy', `${settings}ready:\n  - tcp: app\n    port: 8080\n    stable: 60\n`);
  const input = [{ type: 'trigger', repo: greedy.dir, worktree: true, options: quick }];
  const { exit, records, stderr } = await startStage(home, input, { env: { CCCI_QUOTA_MB: '64' } }).ended;
  t.equal(exit, 0, stderr);
  const summary = /^filled the disk: its volumes and containers hold \d+ MiB, most of it in volume data/;
  t.match(records.find(is('run.finished')), { verdict: 'red', flags: { clean_teardown: true } });
  t.match(
    records.find((record) => record.type === 'stage.finished' && record.status === 'fail'),
    { stage: 'install', cause: 'recipe', summary },
  );
  t.same(leftOnEngine('gree'), nothing);
});

t.test('L60 with too little room a run by hand is refused, and says what to do', async (t) => {
  const env = { CCCI_MIN_DISK_MB: '1000000000' };
  const { exit, records, stderr } = await startStage(home, [byHand(plain, quick)], { env }).ended;
  t.equal(exit, 75);
  t.match(records.find(is('error')), { message: /the disk is full: \d+ MiB are free in / });
  t.match(stderr, /lower stage\.minDiskMb/);
  t.notOk(records.some(is('run.started')));
});

function portsOf(stack: string): string {
  const format =
    '{{range .Spec.EndpointSpec.Ports}}{{.Protocol}} {{.TargetPort}} {{.PublishedPort}} {{.PublishMode}}{{end}}';
  const ports = execFileSync('docker', ['service', 'inspect', '--format', format, `${stack}_app`], {
    encoding: 'utf8',
  });
  return `[{${ports.trim()}}]`;
}
