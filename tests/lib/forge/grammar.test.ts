import { bodyLimit, parseCommand } from '@ccci/lib/forge/grammar.ts';
import t from 'tap';

const full = { kind: 'trigger', options: {} };
const none = { kind: 'none' };
const sha = '720faa0bebc4720faa0bebc4720faa0bebc4720f';
const fence = '```';

/** What is written, and what it says. */
const table: readonly (readonly [title: string, body: string, command: object])[] = [
  ['the word', '!testme', full],
  ['white space around', '   !testme \t \n', full],
  ['a tab is indented code', '\t!testme', none],
  ['a line between others', 'Looks good.\n!testme\nThanks', full],
  ['CRLF', 'Looks good.\r\n!testme\r\nThanks', full],
  ['a byte order mark', '\uFEFF!testme', full],
  ['no break space', '\u00a0!testme\u00a0', full],
  ['quick', '!testme --quick', { kind: 'trigger', options: { quick: true } }],
  ['tab between', '!testme\t--quick', { kind: 'trigger', options: { quick: true } }],
  [
    'stages',
    '!testme --stages=install,upgrade',
    { kind: 'trigger', options: { stages: ['install', 'upgrade'] } },
  ],
  ['a stage twice', '!testme --stages=lint,lint', { kind: 'trigger', options: { stages: ['lint'] } }],
  ['7 digits', '!testme abc1234', { kind: 'trigger', options: { commit: 'abc1234' } }],
  ['40 digits', `!testme ${sha}`, { kind: 'trigger', options: { commit: sha } }],
  ['upper case digits', '!testme ABC1234', { kind: 'trigger', options: { commit: 'abc1234' } }],
  [
    'both, any order',
    '!testme abc1234 --quick',
    { kind: 'trigger', options: { commit: 'abc1234', quick: true } },
  ],
  ['cancel', '!cancel', { kind: 'cancel' }],
  ['help', 'how?\n!help', { kind: 'help' }],
  ['the first command counts', '!cancel\n!testme', { kind: 'cancel' }],
  ['a whole command before a broken one', '!testme is nice\n!testme', full],
  ['a setext heading', '!testme\n---\nAna', full],
  ['continuation of a list item', '- as said\n  !testme', full],
  ['inside details, after an empty line', '<details>\n\n!testme\n\n</details>', full],
  ['after a quote', '> !testme\n\n!testme --quick', { kind: 'trigger', options: { quick: true } }],
  ['L10 inside a sentence', "please don't !testme yet", none],
  ['L10 words before it', 'please !testme', none],
  ['longer word', '!testmexyz', none],
  ['longer word with a dash', '!testme-all', none],
  ['colon', '!testme: what is it?', none],
  ['no exclamation mark', 'testme', none],
  ['escaped', '\\!testme', none],
  ['L10 block quote', '> !testme', none],
  ['L10 lazy continuation of a quote', '> as ana said\n!testme', none],
  ['nested quote', '> > a\n>\n> !testme', none],
  ['L10 fenced code', `${fence}\n!testme\n${fence}`, none],
  ['fence of tildes', '~~~sh\n!testme\n~~~', none],
  ['fence without end', `${fence}\n!testme`, none],
  ['fence in a list', `- a\n  ${fence}\n  !testme\n  ${fence}`, none],
  ['L10 indented code', 'so:\n\n    !testme', none],
  ['code span', '`!testme`', none],
  ['code span over lines', 'a `b\n!testme\nc` d', none],
  ['L10 HTML comment', '<!--\n!testme\n-->', none],
  ['HTML comment in a sentence', 'a <!-- b\n!testme\n--> c', none],
  ['HTML comment without end', '<!-- a\n\n!testme', none],
  ['HTML block', '<pre>\n!testme\n</pre>', none],
  ['L10 link text', '[a\n!testme\nb](https://example.org)', none],
  ['picture', '![a\n!testme\nb](https://example.org/a.png)', none],
  ['reference', '[a\n!testme\nb][c]\n\n[c]: https://example.org', none],
  ['title of a definition', '[a]: https://example.org "\n!testme\n"', none],
  ['list item', '- !testme', none],
  ['heading', '# !testme', none],
  ['bold', '**!testme**', none],
  ['empty', '', none],
  ['cancel with a tail', '!cancel that', none],
  [
    'unknown option',
    '!testme --qick',
    { kind: 'grammar', detail: '"--qick" is not understood; the nearest valid form is !testme --quick' },
  ],
  [
    'typographic dash',
    '!testme —quick',
    { kind: 'grammar', detail: '"—quick" is not understood; the nearest valid form is !testme --quick' },
  ],
  [
    'a sentence',
    '!testme please',
    { kind: 'grammar', detail: '"please" is not understood; the nearest valid form is !testme' },
  ],
  [
    '6 digits',
    '!testme abc123',
    { kind: 'grammar', detail: '"abc123" is not understood; the nearest valid form is !testme' },
  ],
  [
    '41 digits',
    `!testme ${sha}0`,
    { kind: 'grammar', detail: `"${sha}…" is not understood; the nearest valid form is !testme` },
  ],
  [
    'other case',
    '!TestMe',
    { kind: 'grammar', detail: 'the word is written !testme; the nearest valid form is !testme' },
  ],
  [
    'other case and option',
    '!TESTME --quick',
    { kind: 'grammar', detail: 'the word is written !testme; the nearest valid form is !testme --quick' },
  ],
  [
    'unknown stage',
    '!testme --stages=instal,custom',
    {
      kind: 'grammar',
      detail: '"instal" is not a stage; the nearest valid form is !testme --stages=custom,install',
    },
  ],
  [
    'no stage',
    '!testme --stages=',
    { kind: 'grammar', detail: '--stages= needs names of stages; the nearest valid form is !testme' },
  ],
  [
    'twice',
    '!testme --quick --quick',
    { kind: 'grammar', detail: '--quick is given twice; the nearest valid form is !testme --quick' },
  ],
  [
    'two commits',
    '!testme abc1234 def5678',
    { kind: 'grammar', detail: 'a commit is given twice; the nearest valid form is !testme abc1234' },
  ],
  [
    'quick and stages',
    '!testme --quick --stages=lint',
    {
      kind: 'grammar',
      detail: '--quick and --stages exclude each other; the nearest valid form is !testme --stages=lint',
    },
  ],
];

for (const [title, body, command] of table) {
  t.same(parseCommand(body, '!testme'), command, title);
}

t.test('the word is configurable, and no regular expression', async (t) => {
  t.same(parseCommand('!a.b+', '!a.b+'), full);
  t.same(parseCommand('!axbb', '!a.b+'), none);
  t.same(parseCommand('!testme', '!a.b+'), none);
});

t.test('a body over 64 kB is not parsed', async (t) => {
  const fill = (bytes: number) => `!testme\n\n${'ä'.repeat(bytes)}`.slice(0, 9 + bytes / 2);
  t.same(parseCommand(fill(bodyLimit - 10), '!testme'), full);
  t.same(parseCommand(fill(bodyLimit), '!testme'), none);
});

t.test('hostile Markdown takes no longer than a few seconds', { timeout: 60_000 }, async (t) => {
  const size = bodyLimit - 100;
  const hostile = [
    '>',
    '[',
    'a*',
    '*a **a ',
    '- ',
    '[a](',
    '`',
    '![',
    '<!--',
    '&',
    '[a]: b\n',
    '> a\n',
    '1) ',
  ];
  for (const piece of hostile) {
    const body = `${piece.repeat(size / piece.length)}\n\n!testme`;
    const started = process.cpuUsage();
    parseCommand(body, '!testme');
    const { user } = process.cpuUsage(started);
    t.ok(user < 8_000_000, `${JSON.stringify(piece)}: ${Math.round(user / 1000)} ms of processor`);
  }
});
