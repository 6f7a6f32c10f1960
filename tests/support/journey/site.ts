import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Forge, startForge } from '../forge/forge.ts';
import { makeRepository } from '../repository/make.ts';
import { layTests } from '../repository/recipe.ts';

const top = join(import.meta.dirname, '..', '..', '..');

/** One enrolled recipe with its open pull request. */
export type SiteRecipe = { readonly name: string; readonly pull: number; readonly head: string };

/** A whole installation for a test: a forge with recipes and pull requests, a configuration, an empty state. */
export type Site = {
  readonly dir: string;
  readonly forge: Forge;
  readonly recipes: readonly SiteRecipe[];
  readonly configFile: string;
  readonly state: string;
  readonly runs: string;
  readonly pages: string;
  /** Environment of the programs: `PATH` with `dist/bin` first, `CCCI_CONFIG`. */
  readonly env: Record<string, string>;
  readonly close: () => Promise<void>;
};

export const organisation = 'recipes';
export const maintainer = 'ana';

/** Sets up a site in an empty folder; the recipes are those of `tests/recipes`. */
export async function makeSite({ dir, recipes }: { dir: string; recipes: readonly string[] }): Promise<Site> {
  await mkdir(dir, { recursive: true });
  const forge = await startForge({ root: dir, validate: true });
  const bot = forge.addUser('ccci-bot');
  forge.addUser(maintainer);
  forge.addUser('mallory');
  forge.addOrganisation(organisation, [maintainer, bot.login]);
  const read = bot.token(['read:repository', 'read:issue', 'read:organization', 'read:user']);
  const write = bot.token(['write:issue', 'write:repository', 'read:user']);
  await writeFile(join(dir, 'read-token'), read);
  await writeFile(join(dir, 'write-token'), write);
  const made: SiteRecipe[] = [];
  for (const name of recipes) made.push(await addRecipe(forge, dir, name));
  const configFile = join(dir, 'ccci.json');
  await writeFile(configFile, JSON.stringify(configuration(dir, forge.url), null, 2));
  return {
    dir,
    forge,
    recipes: made,
    configFile,
    state: join(dir, 'state'),
    runs: join(dir, 'runs'),
    pages: join(dir, 'pages'),
    env: { PATH: `${join(top, 'dist', 'bin')}:${process.env.PATH}`, CCCI_CONFIG: configFile },
    close: forge.close,
  };
}

async function addRecipe(forge: Forge, dir: string, name: string): Promise<SiteRecipe> {
  const bare = join(dir, 'git', `${name}.git`);
  await mkdir(join(dir, 'git'), { recursive: true });
  await makeRepository({ recipe: name, into: bare });
  forge.addRepository(organisation, name, bare);
  const pull = forge.openPull(organisation, name, {
    head: 'pr',
    base: 'main',
    title: 'chore: upgrade to 1.1.0+1.1.0',
    author: maintainer,
  });
  await mkdir(join(dir, 'tests'), { recursive: true });
  await layTests(name, join(dir, 'tests', name));
  const head = execFileSync('git', ['-C', bare, 'rev-parse', 'refs/heads/pr'], { encoding: 'utf8' }).trim();
  return { name, pull, head };
}

function configuration(dir: string, url: string): object {
  return {
    state: join(dir, 'state'),
    runs: join(dir, 'runs'),
    testsDir: join(dir, 'tests'),
    forges: {
      gitea: {
        url,
        organisations: [organisation],
        tokenFile: join(dir, 'read-token'),
        reportTokenFile: join(dir, 'write-token'),
      },
    },
    // A browser for each deployment would make every journey longer; tests/journeys/pictures.test.ts has one.
    stage: { screenshots: false, card: false },
    report: { directory: join(dir, 'pages') },
  };
}
