import { type Conversation, commentBody, commentLimit, runMarkdown } from '@ccci/lib/pages/comment.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { changesExample } from '@ccci/lib/records/changes.ts';
import { exampleHash } from '@ccci/lib/records/common.ts';
import { dropExample } from '@ccci/lib/records/drop.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import { recordTypes } from '@ccci/lib/records/types.ts';
import t from 'tap';
import { recording, refused, viewOf } from './records.ts';

const settings = { word: '!testme', url: 'https://ci.example.org/pages/' };

function about(main: RunView | null, changes: Partial<Conversation> = {}): Conversation {
  return { main, earlier: [], waiting: [], notices: [], ...changes };
}

t.test('the fixture is a valid recording', async (t) => {
  for (const record of [...recording(), ...recording(refused)]) {
    const { schema } = recordTypes[record.type as 'trigger'];
    t.ok(schema.safeParse(record).success, record.type);
  }
});

t.test('green: the verdict in one sentence first, then what stands behind it', async (t) => {
  const body = commentBody(about(viewOf()), settings);
  const [marker, , first] = body.split('\n');
  t.equal(marker, '<!-- ccci:outcome gitea-14497 -->');
  t.equal(first, '✅ **ghost passed.** Level 5 (5 of 5 exercised).');
  t.match(body, '| install | ✅ passed | 4.1 s |');
  t.notMatch(body, '| checkout');
  t.match(body, 'Commit `720faa0bebc4` · upgrade from `6.0.2+5.8.0` · run `gitea-14497` · 3 min 37 s');
  t.match(body, '[page with logs](https://ci.example.org/pages/runs/gitea-14497/)');
  t.match(body, 'To run it again, comment `!testme`.');
});

t.test('a push while it ran is told: the answer is for a commit, the head is another', async (t) => {
  const view = viewOf();
  const bodyWith = (head: string | null | undefined) =>
    commentBody(about({ ...view, results: { ...view.results!, head_now: head } }), settings);
  const said = 'This is for `720faa0`; the head of the pull request is `ffffff1` now.';
  t.match(bodyWith('ffffff1'.padEnd(40, '0')), said);
  for (const head of [exampleHash, null, undefined]) t.notMatch(bodyWith(head), 'This is for');
});

t.test('red: the failing summary, the last log lines folded, what an operator must do', async (t) => {
  const body = commentBody(about(viewOf(refused)), settings);
  t.match(body, '❌ **ghost did not pass: upgrade failed.** Level 1 (5 of 5 exercised).');
  t.match(
    body,
    '**Upgrade failed**: upgrade did not land: Swarm paused the update of app after 1 failed task',
  );
  t.match(body, '<details><summary>Last log lines of upgrade</summary>\n\n```text\napp | starting\n');
  t.match(body, '- new secret: jwt\\_secret\n- new variable without default: SMTP\\_HOST');
  t.match(body, '- the update of app completed: paused');
});

t.test('what was not run is told with its reason', async (t) => {
  const gap = viewOf({ does: { custom: 'unver', backup: 'skip', restore: 'skip' }, plan: { tests: [] } });
  const body = commentBody(about(gap), settings);
  t.match(body, 'Level 2 (3 of 5 exercised; not applicable: backup and restore; not run: custom tests)');
  t.match(body, '- Custom tests, not run: no custom here');
  t.match(body, '- Backup, not applicable: no backup here');
  t.match(body, '| custom tests | ⚪ not run |  |');
});

t.test('nothing that is not about the recipe sounds as if it were', async (t) => {
  const infra = viewOf({
    rows: { pull: { status: 'fail', cause: 'infra', summary: 'rate limit of the registry' } },
  });
  t.match(
    commentBody(about(infra), settings),
    '**ghost could not be tested, and your change is not to blame: image pull could not be carried out.**\n',
  );
  t.match(commentBody(about(infra), settings), '**Image pull failed**: rate limit of the registry');
  t.notMatch(commentBody(about(infra), settings), /to reach level|no level/i, 'and of no level is spoken');
  const cancelled = viewOf({ results: { verdict: 'cancelled', reason: 'by ana' } });
  t.match(commentBody(about(cancelled), settings), '⏹️ **The run of ghost was cancelled: by ana.**');
});

t.test('progress: stages tick off', async (t) => {
  const start = recording().findIndex(
    (record) => record.type === 'stage.started' && record.stage === 'backup',
  );
  const body = commentBody(about(viewOf({}, start + 1)), settings);
  t.match(
    body,
    /^<!-- ccci:progress gitea-14497 -->\n\n⏳ \*\*ghost\*\* is being tested: backup is running\./,
  );
  t.match(body, '| install | ✅ passed | 4.1 s |\n| backup | ⏳ running |  |\n');
  t.match(body, '| upgrade | ▫️ to come |  |');
});

t.test('waiting: heard, and at which place', async (t) => {
  const waiting = viewOf({}, 1);
  t.match(commentBody(about(waiting), settings), '⏳ **ghost** was heard and will be tested.');
  const queued = { ...waiting, queued: { place: 2 } } as unknown as RunView;
  t.match(commentBody(about(queued), settings), 'waits to be tested, place 2 in the queue.');
});

t.test('L08 one comment tells of everything that was asked on the pull request', async (t) => {
  const notices = [
    { ...dropExample, comment: { ...triggerExample.comment!, author: 'mallory' } },
    { ...dropExample, comment: { ...triggerExample.comment!, author: 'mallory', id: 2 } },
    { ...dropExample, reason: 'closed' as const, detail: 'the pull request is closed' },
  ];
  const body = commentBody(
    about(viewOf(), { earlier: [viewOf(refused)], waiting: [viewOf({}, 1)], notices }),
    settings,
  );
  t.equal(body.match(/mallory is not a member/g)?.length, 1, 'one explanation per person');
  t.match(body, '- Before, for `720faa0bebc4`: ghost did not pass: upgrade failed (run `gitea-14497`).');
  t.match(body, '- Next: `720faa0bebc4` waits to be tested');
  t.match(body, /pull request is closed/);
  t.match(commentBody(about(null, { notices }), settings), /^<!-- ccci:notice gitea-14497 -->/);
});

t.test('hostile values are broken, never markup', async (t) => {
  const evil =
    '</details> <script>alert(1)</script> @ana #12 !7 ![x](http://e.vil/x.png) [y](javascript:1) https://e.vil www.e.vil\n\n# big ``` `x` \u001b[2J \u202eabc | cell';
  const body = commentBody(
    about(
      viewOf({
        rows: {
          custom: {
            status: 'fail',
            cause: 'recipe',
            summary: evil,
            tests: [{ name: evil, status: 'fail', ms: 1, file: '`a`|b', message: evil }],
          },
        },
        logs: { custom: [evil, '````'] },
        operator: [evil],
        changes: {
          ...changesExample,
          images: [{ service: evil, from: evil, to: evil }],
          volumes: { added: [evil], dropped: [evil], renamed: [{ from: evil, to: evil }] },
          variables: { added: [evil], removed: [evil] },
        },
        results: { reason: evil },
      }),
    ),
    settings,
  );
  const [before, rest = ''] = body.split('`````text\n');
  const [inside = '', after = ''] = rest.split('\n`````\n');
  t.match(inside, '<script>', 'the log is shown as it is, in a fence longer than its own');
  for (const part of [before, after]) {
    // Names of what changes are code, in a fence longer than their own backticks.
    const bare = part!.replace(/(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    const own = bare.replace(
      /<!-- ccci:.*? -->|<\/?details>|<\/?summary>|\]\(https:\/\/ci\.example\.org[^)]*\)|\[page with logs|^\[!\[cc-ci.*$|^ccci test .*$/gm,
      '',
    );
    t.notMatch(own, /(?<!\\)<(?!!--)/, 'no HTML');
    t.notMatch(own, /@[a-z]/, 'no mention');
    t.notMatch(own, /#\d|!\d/, 'no reference');
    t.notMatch(own, /:\/\/|www\./, 'no bare link');
    t.notMatch(own, /(?<!\\)[[\]](?!$)/, 'no link, no image');
  }
  t.notMatch(body, /[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/, 'no control or bidi character');
});

t.test('at most 60 kB, whatever a run says', async (t) => {
  const long = '`@#|'.repeat(20_000);
  const tests = Array.from({ length: 500 }, () => ({
    name: long,
    status: 'fail' as const,
    ms: 1,
    file: long,
    message: long,
  }));
  const row = { status: 'fail' as const, cause: 'recipe' as const, summary: long, tests };
  const story = {
    rows: { install: row, backup: row, restore: row, custom: row, upgrade: row },
    logs: { install: Array.from({ length: 100 }, () => long) },
    operator: Array.from({ length: 1000 }, () => long),
  };
  const body = commentBody(about(viewOf(story)), settings);
  t.ok(Buffer.byteLength(body) <= commentLimit, `${Buffer.byteLength(body)} bytes`);
  t.match(body, /^<!-- ccci:outcome/);
});

t.test('markdown of a run is the comment without the marker', async (t) => {
  const body = commentBody(about(viewOf(refused)), settings);
  t.equal(`<!-- ccci:outcome gitea-14497 -->\n\n${runMarkdown(viewOf(refused), settings)}`, body);
});
