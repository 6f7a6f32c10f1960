import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from '../support/journey/pipeline.ts';
import { maintainer, organisation, type Site } from '../support/journey/site.ts';
import { is, type Started } from '../tools/stage/start.ts';

/** What a scene plays on: a forge with one recipe, and the programs as a shell would start them. */
export type Stage = {
  readonly site: Site;
  /** Runs a line to its end, which must be 0; what it wrote. */
  readonly run: (line: string) => Promise<string>;
  readonly start: (line: string) => Started;
};

export type Scene = {
  /** Of `tests/recipes`. */
  readonly recipe: string;
  /** Plays until there is a recording: that of a run, or the text itself. */
  readonly play: (stage: Stage) => Promise<{ readonly run: string } | string>;
};

/** How each recording of `tests/corpus` was made. */
export const scenes: Readonly<Record<string, Scene>> = {
  green: commented('good'),
  'green-not-applicable': commented('stateless'),
  'green-lint-failed': commented('lint-error'),
  'green-no-tests': commented('no-tests'),
  'red-pull': changed('compose.yml', /image: .*/, 'image: lab.invalid/Web:1'),
  'red-install': changed('entrypoint.sh', /^exec .*/m, 'echo "cannot open database"; exit 3'),
  'red-upgrade': commented('refuses-old-data'),
  'red-backup': commented('pre-hook-fails'),
  'red-restore': commented('loses-data'),
  'red-custom': commented('failing-test'),
  incomplete: commented('up-base-broken'),
  refused: commented('hostile-rights'),
  infra: changed('compose.yml', /image: .*/, 'image: registry.invalid/web:1'),
  partial: commented('good', '!testme --quick'),
  cancelled: { recipe: 'good', play: cancelled },
  superseded: { recipe: 'good', play: superseded },
  interrupted: { recipe: 'good', play: interrupted },
  dropped: { recipe: 'good', play: dropped },
};

/** A comment, and the pipeline until it is through. */
function commented(recipe: string, comment = '!testme'): Scene {
  return {
    recipe,
    play: async ({ site, run }) => {
      const key = say(site, comment);
      await run(pipeline);
      return { run: key };
    },
  };
}

/** The good recipe with one more push before the comment. */
function changed(file: string, from: RegExp, to: string): Scene {
  const { recipe, play } = commented('good');
  return {
    recipe,
    play: (stage) => {
      push(stage.site, { file, from, to });
      return play(stage);
    },
  };
}

/** The same person takes it back while the recipe is installed. */
async function cancelled({ site, run, start }: Stage): Promise<{ run: string }> {
  const key = say(site, '!testme');
  const going = start(pipeline);
  await going.until(is('stage.started', 'install'), 'install begins');
  say(site, '!cancel');
  await run('ccci-poll --once | ccci-dedupe');
  await going.ended;
  return { run: key };
}

/** A push, and a comment about it, while the commit before is installed. */
async function superseded({ site, run, start }: Stage): Promise<{ run: string }> {
  const key = say(site, '!testme');
  const going = start(pipeline);
  await going.until(is('stage.started', 'install'), 'install begins');
  push(site, { file: 'entrypoint.sh', from: /^exec/m, to: 'echo once more\nexec' });
  say(site, '!testme');
  await run('ccci-poll --once | ccci-dedupe');
  await going.until(is('run.finished'), 'it is over');
  going.signal('SIGTERM');
  await going.ended;
  return { run: key };
}

/** At home, with a reader of the records that leaves. */
async function interrupted({ site, run }: Stage): Promise<{ run: string }> {
  const repo = join(site.dir, 'git', 'good.git');
  const trigger = { type: 'trigger', key: 'hand-20261129t200000-c0de', repo, ref: 'pr' };
  await run(`echo '${JSON.stringify(trigger)}' | { ccci-stage --allow-local || true; } | head -n 12`);
  return { run: trigger.key };
}

/** Somebody who may not. */
async function dropped({ site, run }: Stage): Promise<string> {
  say(site, '!testme', 'mallory');
  return run('ccci-poll --once | ccci-dedupe | ccci-stage');
}

function say(site: Site, text: string, author = maintainer): string {
  const [recipe] = site.recipes;
  if (recipe === undefined) throw new Error('a site without recipes');
  return `gitea-${site.forge.comment(organisation, recipe.name, recipe.pull, author, text).id}`;
}

type Edit = { readonly file: string; readonly from: RegExp; readonly to: string };

/** Commits a change to the branch of the pull request. */
function push({ dir, recipes }: Site, { file, from, to }: Edit): void {
  const tree = join(dir, 'pushed');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=ana', '-c', 'user.email=ana@recipes.invalid', ...args], {
      timeout: 60_000,
    });
  git('clone', '--quiet', '--branch', 'pr', join(dir, 'git', `${recipes[0]?.name}.git`), tree);
  writeFileSync(join(tree, file), readFileSync(join(tree, file), 'utf8').replace(from, to));
  git('-C', tree, 'commit', '--quiet', '--all', '--message', `Change ${file}`);
  git('-C', tree, 'push', '--quiet');
}
