import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import t, { type Test } from 'tap';
import { pipe, runPipe } from '../support/crash/pipe.ts';
import { type Asked, lookAtRest } from '../support/quick-stage/at-rest.ts';
import { makeBranches } from '../support/quick-stage/branches.ts';
import { buildQuickStage } from '../support/quick-stage/build.ts';
import { bot, makeQuickSite, members, organisation, type QuickSite } from '../support/quick-stage/site.ts';

const hourMs = 3_600_000;
const nothing = { lost: [], doubled: [] };

t.test('L02 down for an hour, 20 comments on 20 pull requests meanwhile: 20 runs', async (t) => {
  const { site, clock } = await makeSiteOf(t, 20);
  clock.behindMs = hourMs + 60_000;
  await expectQuiet(t, site, 'the first look');
  clock.behindMs = 0;
  const asked = site.pulls.map((pull, index): Asked => {
    const createdAt = new Date(Date.now() - hourMs + index * 170_000);
    const author = members[index % members.length]!;
    const given = [organisation, pull.name, pull.number, author, '!testme', { createdAt }] as const;
    return { ...site.forge.comment(...given), pull, becomes: 'run' };
  });
  const { statuses, stderr } = await runPipe(site, pipe);
  t.same(statuses, [0, 0, 0, 0], stderr);
  t.same(lookAtRest(site, asked), nothing, 'nothing is lost or done twice');
  t.equal(runsOf(site).length, 20, '20 runs');
  await expectQuiet(t, site, 'another look');
  t.equal(runsOf(site).length, 20, 'and no more');
});

t.test('L01 state lost, the forge full of old triggers: no run', async (t) => {
  const { site, clock } = await makeSiteOf(t, 6);
  clock.behindMs = 120_000;
  await expectQuiet(t, site, 'the first look');
  clock.behindMs = 60_000;
  const answered = site.pulls.slice(0, 3);
  for (const { name, number } of answered) site.forge.comment(organisation, name, number, 'ana', '!testme');
  await runPipe(site, pipe);
  t.equal(runsOf(site).length, 3, 'three were run before');
  for (const { name, number } of site.pulls) site.forge.comment(organisation, name, number, 'ben', '!testme');
  await Promise.all([site.state, site.runs].map((folder) => rm(folder, { recursive: true })));
  const before = ourComments(site);
  clock.behindMs = 0;
  await expectQuiet(t, site, 'the first look without a state');
  await expectQuiet(t, site, 'the second');
  t.same(runsOf(site), [], 'nothing was run');
  t.same(ourComments(site), before, 'and nobody was told anything new');
});

t.test('L01 two old triggers, closed at the start, opened again, one new comment: one run', async (t) => {
  const { site, clock } = await makeSiteOf(t, 1);
  const pull = site.pulls[0]!;
  const { name, number } = pull;
  const write = () => site.forge.comment(organisation, name, number, 'ana', '!testme');
  clock.behindMs = 240_000;
  write();
  write();
  site.forge.closePull(organisation, name, number);
  clock.behindMs = 180_000;
  await expectQuiet(t, site, 'the first look');
  clock.behindMs = 120_000;
  site.forge.reopenPull(organisation, name, number);
  await expectQuiet(t, site, 'opened again');
  clock.behindMs = 60_000;
  const asked: Asked = { ...write(), pull, becomes: 'run' };
  await runPipe(site, pipe);
  await runPipe(site, pipe);
  t.same(lookAtRest(site, [asked]), nothing, 'nothing is lost or done twice');
  t.same(runsOf(site), [`gitea-${asked.id}`], 'one run, of the new comment');
});

async function makeSiteOf(t: Test, count: number) {
  const dir = t.testdir();
  const bin = await buildQuickStage(`${dir}/quick`);
  const branches = makeBranches(`${dir}/apps.git`, count);
  const clock = { behindMs: 0 };
  const now = () => Date.now() - clock.behindMs;
  const site = await makeQuickSite({ dir: `${dir}/site`, bin, branches, repositories: 2, now });
  t.teardown(site.close);
  return { site, clock };
}

/** A look at the forge that finds nothing to do. */
async function expectQuiet(t: Test, site: QuickSite, what: string): Promise<void> {
  const runs = runsOf(site).length;
  const { statuses, stderr } = await runPipe(site, pipe);
  t.same(statuses, [0, 0, 0, 0], `${what}: ${stderr}`);
  t.equal(runsOf(site).length, runs, `${what} runs nothing`);
}

function runsOf({ runs }: QuickSite): string[] {
  try {
    return readdirSync(runs).sort();
  } catch {
    return [];
  }
}

function ourComments({ forge, pulls }: QuickSite): string[] {
  return pulls.flatMap(({ name, number }) =>
    forge
      .comments(organisation, name, number)
      .filter(({ user }) => user === bot)
      .map(({ id, body }) => `${id} ${body}`),
  );
}
