import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine } from '../support/journey/left.ts';
import { enrolment, pipeline, shell, startShell } from '../support/journey/pipeline.ts';
import { maintainer, makeSite, organisation, type Site } from '../support/journey/site.ts';
import { showProgress } from './progress.ts';

/** Shows the main job: two recipes, two comments, the real programs as a real pipeline on a private swarm. */
async function demo(): Promise<number> {
  await enterBox(import.meta.url);
  const keep = process.argv.includes('--keep');
  const dir = await mkdtemp(join(tmpdir(), 'ccci-demo-'));
  const site = await makeSite({ dir, recipes: ['good', 'refuses-old-data'] });
  try {
    return await run(site);
  } finally {
    await site.close();
    if (keep) say(`\nKept: ${dir}`);
    else await rm(dir, { recursive: true, force: true });
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
  const stopped = stopWith(running);
  await showProgress(running.stdout as NodeJS.ReadableStream, say);
  const { exitCode, stderr } = await running;
  stopped();
  if (exitCode !== 0) return fail(`the pipeline ended with ${exitCode}`, String(stderr));
  showForge(site);
  await showPages(site);
  return showNothingLeft();
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
  say('\n━━ Pages ━━');
  const files = (await readdir(pages, { recursive: true })).filter((file) => /\.(html|svg)$/.test(file));
  for (const file of files.sort()) say(join(pages, file));
  for (const id of (await readdir(runs)).sort()) say(`${join(runs, id, 'results.json')}`);
}

function showNothingLeft(): number {
  say('\n━━ What is left on the engine ━━');
  const left = leftOnEngine();
  for (const [kind, names] of Object.entries(left)) say(`${kind.padEnd(10)} ${names.join(', ') || 'none'}`);
  return Object.values(left).flat().length === 0 ? 0 : 1;
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
