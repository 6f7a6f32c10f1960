import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { junitFileName } from '@ccci/lib/results/junit-files.ts';
import { execaCommand } from 'execa';
import type { Test } from 'tap';
import { leftOnEngine, nothing } from './left.ts';
import { enrolment, pipeline, shell } from './pipeline.ts';
import { maintainer, makeSite, organisation, type Site } from './site.ts';

/** What a journey of one recipe has to end with. */
export type Expected = {
  readonly recipe: string;
  readonly verdict: Results['verdict'];
  readonly level: number;
  readonly rungs: Partial<Results['rungs']>;
  readonly state: 'success' | 'failure' | 'error';
  /** Stage to what its summary says. */
  readonly summaries?: Readonly<Record<string, RegExp>>;
};

/**
 * From comment to verdict: a forge with the recipe and its pull request, `!testme`, the real pipeline on the real
 * engine; then results, comment, status and what is left are compared.
 */
export async function expectVerdict(test: Test, expected: Expected): Promise<void> {
  const site = await makeSite({ dir: test.testdir(), recipes: [expected.recipe] });
  test.teardown(site.close);
  const [recipe] = site.recipes;
  if (recipe === undefined) throw new Error('no recipe');
  const first = await shell(site, enrolment);
  test.equal(first.exit, 0, `enrolment ends well: ${first.stderr}`);
  const comment = site.forge.comment(organisation, recipe.name, recipe.pull, maintainer, '!testme');
  const run = await shell(site, pipeline);
  test.equal(run.exit, 0, `the pipeline ends with 0: ${run.stderr}`);
  test.notMatch(run.stderr, /this is a bug/);

  const dir = join(site.runs, `gitea-${comment.id}`);
  const results = await readResults(dir);
  test.match(
    { verdict: results.verdict, level: results.level, rungs: results.rungs },
    { verdict: expected.verdict, level: expected.level, rungs: expected.rungs },
    'verdict, level and rungs',
  );
  for (const [stage, summary] of Object.entries(expected.summaries ?? {})) {
    test.match(
      results.stages.find((row) => row.name === stage)?.summary ?? '',
      summary,
      `summary of ${stage}`,
    );
  }
  for (const { name } of results.stages.filter((row) => row.status === 'fail')) {
    const xml = await readFile(join(dir, 'junit', junitFileName(name, null)), 'utf8');
    test.match(xml, /<failure /, `the JUnit file of ${name} has a failure`);
  }
  test.equal(results.flags.clean_teardown, true, 'teardown was clean');
  test.equal(results.flags.no_secret_leak, true, 'no secret leaked');
  const started = run.records.find((record) => record.type === 'run.started');
  test.same(leftOnEngine(stackName(String(started?.domain))), nothing, 'nothing is left on the engine');

  const status = site.forge.statuses(organisation, recipe.name, recipe.head).sort((a, b) => b.id - a.id)[0];
  test.match(status, { context: 'ccci/testme', state: expected.state }, 'the newest commit status');
  const ours = site.forge
    .comments(organisation, recipe.name, recipe.pull)
    .filter((one) => one.user === 'ccci-bot');
  test.equal(ours.length, 1, 'one comment of ours at rest');
  test.match(ours[0]?.body ?? '', new RegExp(`level ${expected.level} `, 'i'), 'the comment says the level');
  test.same(site.forge.problems, [], 'the forge answered as Gitea does');
  await expectReplay(test, site, { dir, comment: ours[0]?.body ?? '' });

  const again = await shell(site, pipeline);
  test.equal(again.exit, 0);
  test.notOk(
    again.records.some((record) => record.type === 'run.started'),
    'the same comment never runs twice',
  );
}

/** What was posted and published live is what the recording gives, byte for byte, and nothing is posted for it (rule 6). */
async function expectReplay(
  test: Test,
  site: Site,
  { dir, comment }: { readonly dir: string; readonly comment: string },
): Promise<void> {
  const asked = site.forge.requests.length;
  const replay = (format: string) =>
    execaCommand(`ccci-report --format ${format}`, {
      cwd: site.dir,
      env: site.env,
      inputFile: join(dir, 'events.ndjson'),
      stripFinalNewline: false,
    });
  const [markdown, page] = await Promise.all([replay('markdown'), replay('html')]);
  test.equal(
    markdown.stdout,
    comment.replace(/^<!-- ccci:.* -->\n\n/, ''),
    'the comment, from the recording',
  );
  const published = join(site.pages, 'runs', basename(dir), 'index.html');
  test.equal(page.stdout, await readFile(published, 'utf8'), 'the page, from the recording');
  test.equal(site.forge.requests.length, asked, 'nothing is posted for a recording');
}

async function readResults(dir: string): Promise<Results> {
  return JSON.parse(await readFile(join(dir, 'results.json'), 'utf8')) as Results;
}
