import { execFileSync } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startShell } from '../support/journey/pipeline.ts';
import { makeSite, organisation, type Site } from '../support/journey/site.ts';
import { type Figure, limited } from './figure.ts';
import { scratch } from './scene.ts';

const tickMs = 5_000;
const count = 100;
const members = ['ana', 'ben', 'cem', 'dora', 'eve'];
const repositories = 10;
const patienceMs = 60_000;

type Pull = { readonly name: string; readonly number: number; readonly head: string };

/**
 * From a comment to the `pending` status of its commit, through the built `ccci-poll | ccci-dedupe | ccci-report` on
 * the test forge with a tick every 5 s. The calls for one comment: the second one, because a program asks once in its
 * life who it is, and without the searches of idle ticks. Then the times of 100 comments at random moments of 100 s, by
 * several members, each on a pull request of its own.
 */
export async function* pending(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    const site = await makeSite({ dir: join(dir, 'site'), recipes: ['good'] });
    const pulls = await openPulls(site);
    await configure(site);
    const programs = startShell(site, 'ccci-poll | ccci-dedupe | ccci-report');
    try {
      await site.forge.waitFor(() => searches(site) >= 2, { timeoutMs: patienceMs, what: 'the first ticks' });
      const [first, second, ...others] = pulls;
      await pendingAfterComment(site, first!, 'ana');
      await site.forge.waitFor(() => isIdle(site), { timeoutMs: patienceMs, what: 'an idle tick' });
      const calls = await callsFor(site, second!, 'ben');
      yield limited({ bench: 'pending calls', ours: calls, unit: 'calls' }, 6);
      const times = await Promise.all(others.map((pull, index) => timeOf(site, pull, index)));
      const sorted = times.sort((a, b) => a - b);
      const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1]!;
      yield limited({ bench: 'pending p50', ours: at(0.5), unit: 'ms' }, 3_000);
      yield limited({ bench: 'pending p99', ours: at(0.99), unit: 'ms' }, 7_000);
    } finally {
      // All of the pipeline: it runs in a process group of its own.
      process.kill(-programs.pid!, 'SIGTERM');
      await programs;
      await site.close();
    }
    if (site.forge.problems.length > 0) throw new Error(site.forge.problems.join('\n'));
  }
}

/** Two pull requests more than comments are timed, each with a commit of its own. */
async function openPulls({ dir, forge }: Site): Promise<Pull[]> {
  for (const member of members.slice(1)) {
    forge.addUser(member);
    forge.addMember(organisation, member);
  }
  const names = Array.from({ length: repositories }, (_, index) => `recipe-${index}`);
  for (const name of names) {
    await cp(join(dir, 'git', 'good.git'), join(dir, 'git', `${name}.git`), { recursive: true });
    forge.addRepository(organisation, name, join(dir, 'git', `${name}.git`));
  }
  // Long before the first search, so that only comments move them.
  const createdAt = new Date(Date.now() - 86_400_000);
  return Array.from({ length: count + 2 }, (_, index) => {
    const name = names[index % repositories]!;
    const branch = `pr-${index}`;
    const head = commitOn(join(dir, 'git', `${name}.git`), branch);
    const said = { title: `chore: change ${index}`, author: 'ana', createdAt };
    return {
      name,
      number: forge.openPull(organisation, name, { head: branch, base: 'main', ...said }),
      head,
    };
  });
}

function commitOn(bare: string, branch: string): string {
  const person = { name: 'Recipe Author', email: 'author@recipes.invalid' };
  const env = {
    ...process.env,
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', bare, ...args], { env, encoding: 'utf8' }).trim();
  const head = git('commit-tree', 'pr^{tree}', '-p', 'pr', '-m', `Change on ${branch}`);
  git('update-ref', `refs/heads/${branch}`, head);
  return head;
}

/** A tick of 5 s, and no limit for a person: that is not what is measured. */
async function configure({ configFile }: Site): Promise<void> {
  const config = JSON.parse(await readFile(configFile, 'utf8'));
  const dedupe = { waitingPerPerson: 1_000, runsPerDay: 1_000 };
  await writeFile(configFile, JSON.stringify({ ...config, poll: { intervalMs: tickMs }, dedupe }));
}

/** All requests from the comment to its status but one search for each tick, save that of the tick that found it. */
async function callsFor(site: Site, pull: Pull, author: string): Promise<number> {
  const before = { requests: site.forge.requests.length, searches: searches(site) };
  await pendingAfterComment(site, pull, author);
  const idle = searches(site) - before.searches - 1;
  const status = site.forge.requests.findLastIndex(
    ({ method, path }) => method === 'POST' && path.includes('/statuses/'),
  );
  return status + 1 - before.requests - idle;
}

/** Comments at a random moment of its second. */
async function timeOf(site: Site, pull: Pull, second: number): Promise<number> {
  await wait(1_000 * (second + Math.random()));
  const startedAt = performance.now();
  await pendingAfterComment(site, pull, members[second % members.length]!);
  return performance.now() - startedAt;
}

async function pendingAfterComment(
  { forge }: Site,
  { name, number, head }: Pull,
  author: string,
): Promise<void> {
  forge.comment(organisation, name, number, author, '!testme');
  await forge.waitFor(
    () => forge.statuses(organisation, name, head).some(({ state }) => state === 'pending'),
    {
      timeoutMs: patienceMs,
      what: `pending on ${name}#${number}`,
    },
  );
}

function searches({ forge }: Site): number {
  return forge.requests.filter(isSearch).length;
}

/** Two ticks and nothing between them, both answered: what is to be posted besides is posted. */
function isIdle({ forge }: Site): boolean {
  const last = forge.requests.slice(-2);
  return last.length === 2 && last.every((one) => isSearch(one) && one.status !== null);
}

function isSearch({ path }: { readonly path: string }): boolean {
  return path.includes('/repos/issues/search');
}
