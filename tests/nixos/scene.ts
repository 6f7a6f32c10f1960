/** The units of the module under a real systemd, beside a test forge, with the engine of a box; and what was asked of them. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { maintainer, makeSite, organisation, type Site, type SiteRecipe } from '../support/journey/site.ts';
import { type BuiltHost, buildHost, packageOf } from '../support/nix/build-host.ts';
import { makeNix } from '../support/nix/lab.ts';
import { type Asked, lookAtRest, type Wrong } from '../support/quick-stage/at-rest.ts';
import { makeHost } from '../support/systemd/host.ts';
import { type Lab, startSystemd } from '../support/systemd/lab.ts';
import { plainHost } from './hosts.ts';

const longMs = 300_000;
const hookPort = 8791;
const hookSecret = 'what webhooks are signed with';

/** Of the package. */
type Version = '0.1.0' | '0.2.0';

export type Scene = {
  readonly site: Site;
  readonly lab: Lab;
  /** Where runs lie, as seen from here. */
  readonly runs: string;
  /** What `nixos-rebuild switch` does; gives the units that it restarted. */
  readonly switchTo: (version: Version) => Promise<readonly string[]>;
  /** From now on comments are told by webhooks, too. */
  readonly addHook: () => void;
  /** Comments, and notes that a green run is to come of it; gives the comment's number. */
  readonly ask: (recipe: SiteRecipe, word: string) => number;
  readonly asked: readonly Asked[];
  /** Waits until everything that was asked has its end, once; says what is wrong where that does not come. */
  readonly allAnswered: (t: Test) => Promise<void>;
  readonly wrong: () => Wrong;
  /** A property of a unit. */
  readonly show: (unit: string, property: string) => Promise<string>;
  /** Whether the stage is there. */
  readonly hasStage: () => boolean;
  /** Looks at each request to the forge, which poll makes all the time. */
  readonly waitFor: (look: () => boolean, what: string) => Promise<unknown>;
};

/** Nothing is started yet: the first `switchTo` does it. Needs root, and a box of its own; gone at the end of the test. */
export async function makeScene(t: Test, socket: string): Promise<Scene> {
  // Not below /tmp: each unit has a /tmp of its own, and no home.
  const dir = mkdtempSync('/var/lib/ccci-test-');
  chmodSync(dir, 0o755);
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const site = await makeSite({ dir: join(dir, 'site'), recipes: ['good', 'no-tests'] });
  t.teardown(site.close);
  const versions = await buildVersions(dir, site);
  mkdirSync(join(dir, 'lab'));
  const lab = await startSystemd(join(dir, 'lab'), [
    { from: dir, to: dir },
    { from: socket, to: '/run/docker.sock' },
  ]);
  t.teardown(lab.stop);
  writeFileSync(join(dir, 'hook-secret'), hookSecret);
  const machine = await makeHost(lab, {
    read: join(site.dir, 'read-token'),
    write: join(site.dir, 'write-token'),
    hook: join(dir, 'hook-secret'),
  });
  const runs = lab.path('/var/lib/cc-ci-runs');
  const stageGroup = lab.path('/sys/fs/cgroup/system.slice/ccci-stage.service');
  const hook = { url: `http://127.0.0.1:${hookPort}/hook`, secret: hookSecret, owner: organisation };
  return {
    ...accountOf({ ...site, state: lab.path('/var/lib/ccci'), runs }, lab),
    site,
    lab,
    runs,
    switchTo: (version) => machine.switchTo(versions[version]),
    addHook: () => site.forge.addHook(hook),
    show: (unit, property) => lab.call(['systemctl', 'show', '--value', '-p', property, unit]),
    hasStage: () => existsSync(stageGroup),
    waitFor: (look, what) => site.forge.waitFor(look, { timeoutMs: longMs, what }),
  };
}

/** The programs, and the same with another version number of the same length. */
async function buildVersions(dir: string, site: Site): Promise<Readonly<Record<Version, BuiltHost>>> {
  const nix = makeNix(join(dir, 'nix'));
  const node = join(dir, 'node');
  copyFileSync(process.execPath, node);
  const newer = 'for file in $out/libexec/bin/*; do sed -i \'s/"0\\.1\\.0"/"0.2.0"/g\' $file; done';
  return {
    '0.1.0': await buildHost(nix, hostOf(site), packageOf({ node })),
    '0.2.0': await buildHost(nix, hostOf(site), packageOf({ node, prepare: newer })),
  };
}

function hostOf({ dir, forge }: Site): string {
  return plainHost(`services.ccci = {
    forges = lib.mkForce { gitea = {
      url = "${forge.url}";
      organisations = [ "${organisation}" ];
      tokenFile = "/run/secrets/read";
      reportTokenFile = "/run/secrets/write";
      hookSecretFile = "/run/secrets/hook";
    }; };
    recipes.tests = "${join(dir, 'tests')}";
    hook = { enable = true; port = ${hookPort}; };
    sweep = { enable = true; of = "pulls"; };
    stage.slots = 2;
    stage.idleSeconds = 2;
    metrics.enable = true;
    settings.poll.intervalMs = 500;
    settings.dedupe = { waitingPerPerson = 1000; runsPerDay = 1000; };
    settings.stage = { screenshots = false; card = false; minMemoryMb = 0; };
    # Starts a Node for each unit of each version; units-text.test.ts does it.
    checkConfiguration = false;
  };`);
}

/** What was asked, and what became of it. */
function accountOf(site: Site, lab: Lab): Pick<Scene, 'ask' | 'asked' | 'allAnswered' | 'wrong'> {
  const asked: Asked[] = [];
  const pulls = new Map(
    site.recipes.map(({ name, pull, head }) => [name, { name, number: pull, head }] as const),
  );
  const wrong = () => lookAtRest(site as never, asked);
  const isRight = () => Object.values(wrong()).every((says) => says.length === 0);
  return {
    asked,
    ask: ({ name, pull }, word) => {
      const { id } = site.forge.comment(organisation, name, pull, maintainer, word);
      asked.push({ id, becomes: 'run', pull: pulls.get(name)! });
      return id;
    },
    wrong,
    allAnswered: async (t) => {
      const limit = { timeoutMs: longMs, what: 'the verdicts' };
      await site.forge.waitFor(isRight, limit).catch(async (error: Error) => {
        const journal = await lab.call(['journalctl', '-o', 'short-monotonic', '-n', '150', '--no-pager']);
        t.fail(`${error.message}: ${JSON.stringify(wrong())}\n${journal}`);
        throw error;
      });
    },
  };
}
