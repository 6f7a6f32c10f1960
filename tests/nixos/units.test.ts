import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { maintainer, makeSite, organisation, type SiteRecipe } from '../support/journey/site.ts';
import { buildHost, packageOf } from '../support/nix/build-host.ts';
import { makeNix } from '../support/nix/lab.ts';
import { type Asked, lookAtRest } from '../support/quick-stage/at-rest.ts';
import { enterOwnBox } from '../support/systemd/box.ts';
import { makeHost } from '../support/systemd/host.ts';
import { startSystemd } from '../support/systemd/lab.ts';
import { plainHost } from './hosts.ts';
import { lookAtTimers, strikeHost, strikeJanitor, strikeSweep } from './strikes.ts';

t.setTimeout(900_000);
/** The small size kills and restarts each unit once, and rolls nothing back. */
const isFull = process.env.CCCI_SCALE === 'full';
const box = await enterOwnBox(import.meta.url);

// Not below /tmp: each unit has a /tmp of its own, and no home.
const dir = mkdtempSync('/var/lib/ccci-test-');
chmodSync(dir, 0o755);
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const hookPort = 8791;
const hookSecret = 'what webhooks are signed with';
const longMs = 300_000;

const site = await makeSite({ dir: join(dir, 'site'), recipes: ['good', 'no-tests'] });
t.teardown(site.close);
writeFileSync(join(dir, 'hook-secret'), hookSecret);
const node = join(dir, 'node');
copyFileSync(process.execPath, node);

const nix = makeNix(join(dir, 'nix'));
const host = plainHost(`services.ccci = {
  forges = lib.mkForce { gitea = {
    url = "${site.forge.url}";
    organisations = [ "${organisation}" ];
    tokenFile = "/run/secrets/read";
    reportTokenFile = "/run/secrets/write";
    hookSecretFile = "/run/secrets/hook";
  }; };
  recipes.tests = "${join(site.dir, 'tests')}";
  hook = { enable = true; port = ${hookPort}; };
  sweep = { enable = true; of = "pulls"; };
  stage.slots = 2;
  stage.idleSeconds = 2;
  metrics.enable = true;
  settings.poll.intervalMs = 500;
  settings.dedupe = { waitingPerPerson = 1000; runsPerDay = 1000; };
  settings.stage = { screenshots = false; card = false; minMemoryMb = 0; };
};`);
/** The programs, and the same with another version number of the same length. */
const newer = 'for file in $out/libexec/bin/*; do sed -i \'s/"0\\.1\\.0"/"0.2.0"/g\' $file; done';
const [first, second] = [
  await buildHost(nix, host, packageOf({ node })),
  await buildHost(nix, host, packageOf({ node, prepare: newer })),
];

mkdirSync(join(dir, 'lab'));
const lab = await startSystemd(join(dir, 'lab'), [
  { from: dir, to: dir },
  { from: box.socket, to: '/run/docker.sock' },
]);
t.teardown(lab.stop);
const machine = await makeHost(lab, {
  read: join(site.dir, 'read-token'),
  write: join(site.dir, 'write-token'),
  hook: join(dir, 'hook-secret'),
});

const stageGroup = lab.path('/sys/fs/cgroup/system.slice/ccci-stage.service');
const asked: Asked[] = [];
const inside = { ...site, state: lab.path('/var/lib/ccci'), runs: lab.path('/var/lib/cc-ci-runs') };

/** Comments, and notes what has to become of it. */
function ask(recipe: SiteRecipe, word: string): number {
  const { id } = site.forge.comment(organisation, recipe.name, recipe.pull, maintainer, word);
  asked.push({ id, becomes: 'run', pull: pulls.get(recipe.name)! });
  return id;
}
const pulls = new Map(
  site.recipes.map(({ name, pull, head }) => [name, { name, number: pull, head }] as const),
);

/** Waits until everything that was asked has its end, once; says what is wrong where that does not come. */
async function allAnswered(): Promise<void> {
  const look = () => {
    const { lost, doubled } = lookAtRest(inside as never, asked);
    return lost.length + doubled.length === 0;
  };
  await site.forge.waitFor(look, { timeoutMs: longMs, what: 'the verdicts' }).catch(async (error: Error) => {
    const journal = await lab.call(['journalctl', '-o', 'short-monotonic', '-n', '150', '--no-pager']);
    t.fail(`${error.message}: ${JSON.stringify(lookAtRest(inside as never, asked))}\n${journal}`);
    throw error;
  });
}

const show = (unit: string, property: string) =>
  lab.call(['systemctl', 'show', '--value', '-p', property, unit]);

t.test('units boot, a comment is answered, and the verdict comes back', async (t) => {
  const [good] = site.recipes as readonly [SiteRecipe];
  await machine.switchTo(first);
  const enrolled = lab.path('/var/lib/ccci/enrolled.json');
  await site.forge.waitFor(() => existsSync(enrolled), { timeoutMs: longMs, what: 'the enrolment' });
  site.forge.addHook({ url: `http://127.0.0.1:${hookPort}/hook`, secret: hookSecret, owner: organisation });
  t.equal(await show('ccci-stage.service', 'ActiveState'), 'inactive', 'no work, no stage');
  const id = ask(good, '!testme');
  await site.forge.waitFor(() => existsSync(stageGroup), { timeoutMs: longMs, what: 'the stage to begin' });
  await t.test('each has its rights and no other, shown by trying', tryRights);
  await allAnswered();
  const results = JSON.parse(readFileSync(join(inside.runs, `gitea-${id}`, 'results.json'), 'utf8'));
  t.match(results, { verdict: 'green', level: 5, flags: { clean_teardown: true } });
  t.ok(existsSync(lab.path(`/var/lib/ccci-pages/runs/gitea-${id}/index.html`)), 'its page is there');
  t.match(
    await lab.call(['stat', '-c', '%U:%G %a', `/var/lib/ccci-pages/runs/gitea-${id}/index.html`]),
    /^ccci-report:ccci-pages 6[46]0$/,
  );
  t.equal(await lab.call(['systemctl', 'list-units', '--failed', '--plain', '--no-legend', 'ccci-*']), '');
});

/** While all units run: each as its user, with its groups, in its view of the files. */
async function tryRights(t: Test): Promise<void> {
  const ping = ['curl', '-sS', '--max-time', '20', '--unix-socket', '/run/docker.sock', 'http://x/_ping'];
  for (const service of ['ccci-poll', 'ccci-hook', 'ccci-report']) {
    t.match(await lab.callAs(service, ping), { exit: 7 }, `${service} cannot reach Docker`);
  }
  t.match(await lab.callAs('ccci-stage', ping), { exit: 0, words: 'OK' }, 'the stage can');
  const read = (file: string) => ['cat', file];
  const tokens = [
    '/run/secrets/read',
    '/run/secrets/write',
    '/run/credentials/ccci-poll.service/tokenFile-gitea',
    '/run/credentials/ccci-report.service/reportTokenFile-gitea',
    '/run/credentials/ccci-hook.service/hookSecretFile-gitea',
  ];
  for (const file of tokens) {
    const tried = await lab.callAs('ccci-stage', read(file));
    t.match(tried, { exit: 1, words: /Permission denied|No such file/ }, `the stage cannot read ${file}`);
  }
  t.equal((await lab.callAs('ccci-poll', read(String(tokens[2])))).exit, 0, 'poll reads its own');
  t.equal((await lab.callAs('ccci-poll', read(String(tokens[3])))).exit, 1, "and not report's");
  const touch = (file: string) => ['touch', file];
  t.equal(
    (await lab.callAs('ccci-stage', touch('/var/lib/ccci/accepted/x'))).exit,
    1,
    'where to post is not the stage’s',
  );
  t.equal((await lab.callAs('ccci-report', touch('/var/lib/ccci/queue/new/x'))).exit, 1);
  t.equal((await lab.callAs('ccci-poll', touch('/var/lib/cc-ci-runs/x'))).exit, 1);
}

t.test(
  `each unit is ${isFull ? 'stopped, ' : ''}killed and restarted while comments arrive: nothing is lost or doubled`,
  async (t) => {
    const units = ['ccci-poll', 'ccci-hook', 'ccci-report', 'ccci-stage'];
    let turn = 0;
    const comment = () => ask(site.recipes[turn++ % site.recipes.length] as SiteRecipe, '!testme --quick');
    for (const unit of units) {
      if (isFull) {
        comment();
        await lab.call(['systemctl', 'stop', unit]);
        comment();
        // The stage is started by its work.
        if (unit !== 'ccci-stage') await lab.call(['systemctl', 'start', unit]);
      }
      comment();
      await lab.call(['systemctl', 'kill', '--kill-whom=all', '--signal=KILL', unit]).catch(() => {});
      comment();
      await lab.call(['systemctl', 'restart', unit]);
    }
    await allAnswered();
    t.same(lookAtRest(inside as never, asked), { lost: [], doubled: [] });
    t.ok(asked.length > units.length * (isFull ? 4 : 2), `${asked.length} comments`);
    t.equal(await show('ccci-stage.path', 'ActiveState'), 'active', 'the path unit lives');
  },
);

t.test('so are what timers start, and what makes the host ready, and nothing is left behind', async (t) => {
  const comment = () => ask(site.recipes[0] as SiteRecipe, '!testme --quick');
  const scene = { site, lab, comment };
  await strikeJanitor(t, scene);
  // What is asked for now runs together with what the janitor has given back.
  await strikeSweep(scene);
  await strikeHost(t, scene);
  await allAnswered();
  t.same(lookAtRest(inside as never, asked), { lost: [], doubled: [] });
  const swept = readdirSync(inside.runs).filter((name) => /^sweep-\d{8}-no-tests-pr\d+$/.test(name));
  const results = swept.map((name) => join(inside.runs, name, 'results.json')).filter(existsSync);
  t.same(
    results.map((file) => JSON.parse(readFileSync(file, 'utf8')).verdict),
    ['green'],
    'swept once',
  );
  const others = readdirSync(inside.runs).filter(
    (name) => name.startsWith('sweep-') && !swept.includes(name),
  );
  t.same(others, [], 'what is green is left out');
  await lookAtTimers(t, lab);
});

t.test(`a new version rolls out${isFull ? ' and back' : ''}, and ends no run`, async (t) => {
  const recipe = site.recipes[1] as SiteRecipe;
  const versionOf = (id: number) =>
    JSON.parse(
      readFileSync(join(inside.runs, `gitea-${id}`, 'events.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .at(-1)!,
    ).by;
  const during = ask(recipe, '!testme --quick');
  await site.forge.waitFor(() => existsSync(join(inside.runs, `gitea-${during}`, 'events.ndjson')), {
    timeoutMs: longMs,
    what: 'the run',
  });
  const stage = await show('ccci-stage.service', 'MainPID');
  const restarted = await machine.switchTo(second);
  t.same([...restarted].sort(), ['ccci-hook.service', 'ccci-poll.service', 'ccci-report.service']);
  t.equal(await show('ccci-stage.service', 'MainPID'), stage, 'the run goes on');
  await allAnswered();
  t.equal(versionOf(during), 'ccci-stage/0.1.0', 'and ends as it began');
  await stageLeft();
  const after = ask(recipe, '!testme --quick');
  await allAnswered();
  t.equal(versionOf(after), 'ccci-stage/0.2.0');
  if (!isFull) return;
  await machine.switchTo(first);
  await stageLeft();
  const back = ask(recipe, '!testme --quick');
  await allAnswered();
  t.equal(versionOf(back), 'ccci-stage/0.1.0');
});

/** Resolves when the stage has nothing to do and has left; each poll is an event of the forge. */
async function stageLeft(): Promise<void> {
  await site.forge.waitFor(() => !existsSync(stageGroup), { timeoutMs: longMs, what: 'the stage to leave' });
}
