import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine } from '../support/journey/left.ts';
import { enrolment, pipeline, shell, startShell } from '../support/journey/pipeline.ts';
import { maintainer, makeSite, organisation, type Site } from '../support/journey/site.ts';
import { showProgress } from './progress.ts';

/** Where the demo leaves its pages and runs, to be looked at; made anew each time. */
const folder = join(import.meta.dirname, '..', '..', 'dist', 'demo');

/** What the two pull requests have to end with. */
const expected: Readonly<Record<string, string>> = {
  good: 'green, level 5',
  'refuses-old-data': 'red, level 1',
};

/** Shows the main job: two recipes, two comments, the real programs as a real pipeline on a private swarm. */
async function demo(): Promise<number> {
  await enterBox(import.meta.url);
  await rm(folder, { recursive: true, force: true });
  const site = await makeSite({ dir: folder, recipes: Object.keys(expected) });
  try {
    return await run(site);
  } finally {
    await site.close();
  }
}

async function run(site: Site): Promise<number> {
  say(`A private Docker Swarm is up, and a forge with two recipes at ${site.forge.url}.`);
  const enrolled = await shell(site, enrolment);
  if (enrolled.exit !== 0) return fail(`enrolment ended with ${enrolled.exit}`, enrolled.stderr);
  for (const { name, pull } of site.recipes) {
    site.forge.comment(organisation, name, pull, maintainer, '!testme');
    say(`${maintainer} writes !testme on ${organisation}/${name}#${pull}.`);
  }
  say(`\n$ ${pipeline}\n`);
  const running = startShell(site, pipeline);
  const unlisten = stopWith(running);
  const verdicts = await showProgress(running.stdout as NodeJS.ReadableStream, say);
  const { exitCode, stderr } = await running;
  unlisten();
  if (exitCode === 130 || exitCode === 143) return exitCode;
  if (exitCode !== 0) return fail(`the pipeline ended with ${exitCode}`, String(stderr));
  showForge(site);
  await showPages(site);
  const isClean = showLeft();
  const wrong = Object.entries(expected).filter(([recipe, verdict]) => verdicts.get(recipe) !== verdict);
  for (const [recipe, verdict] of wrong) say(`${recipe}: expected ${verdict}, got ${verdicts.get(recipe)}`);
  return isClean && wrong.length === 0 ? 0 : 1;
}

function showForge({ forge, recipes }: Site): void {
  for (const { name, pull, head } of recipes) {
    say(`\n━━ ${organisation}/${name}#${pull}, as the forge now holds it ━━`);
    for (const comment of forge.comments(organisation, name, pull)) {
      say(`\n${comment.user}:\n${comment.body.replaceAll(/^/gm, '  ')}`);
    }
    for (const status of forge.statuses(organisation, name, head).sort((a, b) => a.id - b.id)) {
      say(
        `\ncommit status ${status.context} of ${head.slice(0, 12)}: ${status.state}, "${status.description}"`,
      );
    }
  }
}

async function showPages({ pages, runs }: Site): Promise<void> {
  say('\n━━ Pages and results, to be looked at ━━');
  const files = await readdir(pages, { recursive: true });
  for (const file of files.sort()) if (/index\.html$/.test(file)) say(join(pages, file));
  for (const id of (await readdir(runs)).sort()) say(join(runs, id, 'results.json'));
}

function showLeft(): boolean {
  say('\n━━ What is left on the engine ━━');
  const left = leftOnEngine();
  for (const [kind, names] of Object.entries(left)) say(`${kind.padEnd(10)} ${names.join(', ') || 'none'}`);
  return Object.values(left).flat().length === 0;
}

/** Ctrl-C stops the pipeline, which tears its runs down, and then the demo. */
function stopWith(child: { readonly pid?: number | undefined }): () => void {
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return () => process.off('SIGINT', stop).off('SIGTERM', stop);
}

function fail(what: string, stderr: string): number {
  say(`${what}\n${stderr}`);
  return 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await demo();
