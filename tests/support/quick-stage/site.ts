import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Forge, startForge } from '../forge/forge.ts';
import type { Branches } from './branches.ts';

const top = join(import.meta.dirname, '..', '..', '..');

export const organisation = 'recipes';
export const bot = 'ccci-bot';
export const hookSecret = 'what webhooks are signed with';
/** Who may trigger; `mallory` may not. */
export const members = ['ana', 'ben', 'cleo'] as const;
export const stranger = 'mallory';

/** An open pull request with a head of its own. */
export type SitePull = { readonly name: string; readonly number: number; readonly head: string };

/** An installation whose stage is the quick one: a forge with pull requests, a configuration, a state. */
export type QuickSite = {
  readonly dir: string;
  readonly forge: Forge;
  readonly pulls: readonly SitePull[];
  readonly state: string;
  readonly runs: string;
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

export type QuickSiteOptions = {
  readonly dir: string;
  /** One pull request for each of its branches. */
  readonly branches: Branches;
  /** Where the quick stage was built. */
  readonly bin: string;
  /** How many repositories share the pull requests. */
  readonly repositories?: number;
  /** A state directory to begin with; an empty one unless given. */
  readonly state?: string;
  /** The forge's clock, milliseconds since 1970. */
  readonly now?: () => number;
  /** Further sections of the configuration. */
  readonly config?: Readonly<Record<string, object>>;
};

/** Sets up a site in a folder of its own; the pull requests are an hour old. */
export async function makeQuickSite(options: QuickSiteOptions): Promise<QuickSite> {
  const { dir, now = Date.now, bin } = options;
  await mkdir(dir, { recursive: true });
  const forge = await startForge({ root: dir, validate: true, now });
  for (const login of [...members, stranger]) forge.addUser(login);
  const { token } = forge.addUser(bot);
  forge.addOrganisation(organisation, [...members, bot]);
  await writeFile(
    join(dir, 'read-token'),
    token(['read:repository', 'read:issue', 'read:organization', 'read:user']),
  );
  await writeFile(join(dir, 'write-token'), token(['write:issue', 'write:repository', 'read:user']));
  await writeFile(join(dir, 'hook-secret'), hookSecret);
  const pulls = openPulls(forge, options, new Date(now() - 3_600_000));
  const state = join(dir, 'state');
  if (options.state !== undefined) await cp(options.state, state, { recursive: true });
  await writeFile(join(dir, 'ccci.json'), JSON.stringify(configuration(forge.url, options), null, 2));
  return {
    dir,
    forge,
    pulls,
    state,
    runs: join(dir, 'runs'),
    env: {
      PATH: `${bin}:${join(top, 'dist', 'bin')}:${process.env.PATH}`,
      CCCI_CONFIG: join(dir, 'ccci.json'),
      // For `--spool`, which names the directory.
      CCCI_TEST_STATE: state,
    },
    close: forge.close,
  };
}

function openPulls(
  forge: Forge,
  { branches, repositories = 1 }: QuickSiteOptions,
  createdAt: Date,
): SitePull[] {
  const names = Array.from({ length: repositories }, (_, index) => `app${index + 1}`);
  for (const name of names) forge.addRepository(organisation, name, branches.path);
  return branches.heads.map((head, index) => {
    const name = names[index % names.length]!;
    const number = forge.openPull(organisation, name, {
      head: `b${index + 1}`,
      title: `Change ${index + 1}`,
      author: members[0],
      mergeBase: branches.main,
      createdAt,
    });
    return { name, number, head };
  });
}

/** Limits that no test of many comments comes near. */
const dedupe = { waitingPerPerson: 1_000_000, runsPerDay: 1_000_000 };

function configuration(url: string, { dir, config = {} }: QuickSiteOptions): object {
  return {
    state: join(dir, 'state'),
    runs: join(dir, 'runs'),
    forges: {
      gitea: {
        url,
        organisations: [organisation],
        tokenFile: join(dir, 'read-token'),
        reportTokenFile: join(dir, 'write-token'),
        hookSecretFile: join(dir, 'hook-secret'),
      },
    },
    report: { directory: join(dir, 'pages') },
    dedupe,
    ...config,
  };
}
