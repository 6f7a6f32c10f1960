import { parseCommand } from '@ccci/lib/forge/grammar.ts';
import t from 'tap';

const full = { kind: 'trigger', options: {} };
const quick = { kind: 'trigger', options: { quick: true } };
const none = { kind: 'none' };
const sha = '720faa0bebc4720faa0bebc4720faa0bebc4720f';
const fence = '```';
const commit = (text: string) => ({ kind: 'trigger', options: { commit: text } });
const stages = (...names: string[]) => ({ kind: 'trigger', options: { stages: names } });
const wrong = (detail: string, form = '!testme') => ({
  kind: 'grammar',
  detail: `${detail}; the nearest valid form is ${form}`,
});
const unordinary = 'the line holds characters that cannot be seen or are not the ordinary ones';

/** What is written, and what it says. */
type Row = readonly [title: string, body: string, command: object];

const word: readonly Row[] = [
  ['the word', '!testme', full],
  ['spaces around', '   !testme \t \n', full],
  ['a line between others', 'Looks good.\n!testme\nThanks', full],
  ['CRLF', 'Looks good.\r\n!testme\r\nThanks', full],
  ['lone CR', 'Looks good.\r!testme\rThanks', full],
  ['the three mixed', 'a\r!testme\r\nb\n', full],
  ['no break space around', '\u00a0!testme\u00a0', full],
  ['ideographic space around', '\u3000!testme\u3000', full],
  ['vertical tab and form feed around', '\v!testme\f', full],
  ['empty', '', none],
  ['white space only', ' \r\n\t', none],
  ['no exclamation mark', 'testme', none],
  ['L10 inside a sentence', "please don't !testme yet", none],
  ['L10 words before it', 'please !testme', none],
  ['longer word', '!testmexyz', none],
  ['longer word with a dash', '!testme-all', none],
  ['misspelt', '!tesme', none],
  ['two marks', '!!testme', none],
  ['apart', '! testme', none],
  ['colon', '!testme: what is it?', none],
  ['full stop', '!testme.', none],
  ['escaped', '\\!testme', none],
  ['as an entity', '&#33;testme', none],
  ['a line separator is no line ending', 'a\u2028!testme', none],
  ['other case', '!TestMe', wrong('the word is written !testme')],
  ['other case and option', '!TESTME --quick', wrong('the word is written !testme', '!testme --quick')],
];

const options: readonly Row[] = [
  ['quick', '!testme --quick', quick],
  ['tab between', '!testme\t--quick', quick],
  ['no break space between', '!testme\u00a0--quick', quick],
  ['stages', '!testme --stages=install,upgrade', stages('install', 'upgrade')],
  ['a stage twice', '!testme --stages=lint,lint', stages('lint')],
  ['a comma too many', '!testme --stages=lint,,custom,', stages('lint', 'custom')],
  ['7 digits', '!testme abc1234', commit('abc1234')],
  ['7 digits that are letters', '!testme effaced', commit('effaced')],
  ['40 digits', `!testme ${sha}`, commit(sha)],
  ['upper case digits', '!testme ABC1234', commit('abc1234')],
  ['any order', '!testme abc1234 --quick', { kind: 'trigger', options: { commit: 'abc1234', quick: true } }],
  ['a sentence', '!testme please', wrong('"please" is not understood')],
  ['unknown option', '!testme --qick', wrong('"--qick" is not understood', '!testme --quick')],
  ['one dash', '!testme -quick', wrong('"-quick" is not understood', '!testme --quick')],
  ['no dash', '!testme quick', wrong('"quick" is not understood', '!testme --quick')],
  ['typographic dash', '!testme —quick', wrong('"—quick" is not understood', '!testme --quick')],
  ['upper case option', '!testme --QUICK', wrong('"--QUICK" is not understood', '!testme --quick')],
  [
    'code span around the option',
    '!testme `--quick`',
    wrong('"`--quick`" is not understood', '!testme --quick'),
  ],
  ['a link behind it', '!testme [a](b)', wrong('"[a](b)" is not understood')],
  ['an HTML comment behind it', '!testme <!-- a', wrong('"<!--" is not understood; "a" is not understood')],
  ['value of quick', '!testme --quick=yes', wrong('"--quick=yes" is not understood', '!testme --quick')],
  ['stage', '!testme --stage=lint', wrong('"--stage=lint" is not understood', '!testme --stages=lint')],
  [
    'colon for =',
    '!testme --stages:lint',
    wrong('"--stages:lint" is not understood', '!testme --stages=lint'),
  ],
  [
    'space for =',
    '!testme --stages lint',
    wrong('"--stages" is not understood; "lint" is not understood', '!testme --stages=lint'),
  ],
  ['name of a stage', '!testme upgrade', wrong('"upgrade" is not understood', '!testme --stages=upgrade')],
  [
    'unknown stage',
    '!testme --stages=instal,custom',
    wrong('"instal" is not a stage', '!testme --stages=custom,install'),
  ],
  ['stage in capitals', '!testme --stages=Lint', wrong('"Lint" is not a stage', '!testme --stages=lint')],
  ['stage that nothing is near', '!testme --stages=xyz', wrong('"xyz" is not a stage')],
  ['no stage', '!testme --stages=', wrong('--stages= needs names of stages')],
  ['6 digits', '!testme abc123', wrong('"abc123" is too short for a commit: 7 to 40 digits are needed')],
  ['41 digits', `!testme ${sha}0`, wrong(`"${sha}…" is too long for a commit: 7 to 40 digits are needed`)],
  ['no digit', '!testme 720faa0x', wrong('"720faa0x" is no commit: x is not hexadecimal')],
  ['no digits', '!testme o20faal', wrong('"o20faal" is no commit: o and l are not hexadecimal')],
  ['a word of six hexadecimal letters', '!testme facade', wrong('"facade" is not understood')],
  ['a commit in code', '!testme `720faa0`', wrong('"`720faa0`" is not understood', '!testme 720faa0')],
  ['twice', '!testme --quick --quick', wrong('--quick is given twice', '!testme --quick')],
  ['two commits', '!testme abc1234 def5678', wrong('a commit is given twice', '!testme abc1234')],
  [
    'quick and stages',
    '!testme --quick --stages=lint',
    wrong('--quick and --stages exclude each other', '!testme --stages=lint'),
  ],
  [
    'many things wrong',
    '!testme a b c d e',
    wrong('"a" is not understood; "b" is not understood; "c" is not understood; 2 more of the kind'),
  ],
  [
    'a terminal’s escape',
    '!testme \u001b[31m',
    wrong('"\\u001b[31m" holds characters that cannot be seen or are not the ordinary ones'),
  ],
];

const commands: readonly Row[] = [
  ['cancel', '!cancel', { kind: 'cancel' }],
  ['help', 'how?\n!help', { kind: 'help' }],
  ['cancel with a tail', '!cancel that', none],
  ['cancel in capitals', '!CANCEL', none],
  ['the first command counts', '!cancel\n!testme', { kind: 'cancel' }],
  ['the first of three', '!testme --quick\n!help\n!cancel', quick],
  ['a whole command before a broken one', '!testme is nice\n!testme', full],
  ['the first of two broken ones', '!testme a\n!testme b', wrong('"a" is not understood')],
];

const markdown: readonly Row[] = [
  ['a setext heading', '!testme\n---\nAna', full],
  ['heading', '# !testme', none],
  ['bold', '**!testme**', none],
  ['struck out', '~~!testme~~', none],
  ['list item', '- !testme', none],
  ['numbered item', '1. !testme', none],
  ['task', '- [ ] !testme', none],
  ['continuation of a list item', '- as said\n  !testme', full],
  ['continuation of a task', '- [x] as said\n\n  !testme', full],
  ['row of a table', '| a |\n| --- |\n| !testme |', none],
  ['autolink', '<!testme>', none],
  ['autolink before it', '<https://example.org>\n!testme', full],
  ['a tab is indented code', '\t!testme', none],
  ['L10 block quote', '> !testme', none],
  ['L10 lazy continuation of a quote', '> as ana said\n!testme', none],
  ['nested quote', '> > a\n>\n> !testme', none],
  ['after a quote', '> !testme\n\n!testme --quick', quick],
  ['L10 fenced code', `${fence}\n!testme\n${fence}`, none],
  ['fence of tildes', '~~~sh\n!testme\n~~~', none],
  ['fence without end', `${fence}\n!testme`, none],
  ['fence of four in which three end nothing', `${'`'.repeat(4)}\n${fence}\n!testme\n`, none],
  ['after a fence', `${fence}\na\n${fence}\n!testme`, full],
  ['fence in a list', `- a\n  ${fence}\n  !testme\n  ${fence}`, none],
  ['fence in a nested list', `- a\n  1. b\n     ${fence}\n     !testme\n     ${fence}`, none],
  ['fence in a quote', `> ${fence}\n> !testme\n> ${fence}`, none],
  ['L10 indented code', 'so:\n\n    !testme', none],
  ['indented behind a sentence is no code', 'so:\n    !testme', full],
  ['code span', '`!testme`', none],
  ['code span over lines', 'a `b\n!testme\nc` d', none],
  ['L10 HTML comment', '<!--\n!testme\n-->', none],
  ['HTML comment in a sentence', 'a <!-- b\n!testme\n--> c', none],
  ['HTML comment without end', '<!-- a\n\n!testme', none],
  ['after an HTML comment', '<!-- a -->\n!testme', full],
  ['HTML block', '<pre>\n!testme\n</pre>', none],
  ['details', '<details>\n!testme\n</details>', none],
  ['inside details, after an empty line', '<details>\n\n!testme\n\n</details>', full],
  ['L10 link text', '[a\n!testme\nb](https://example.org)', none],
  ['picture', '![a\n!testme\nb](https://example.org/a.png)', none],
  ['reference', '[a\n!testme\nb][c]\n\n[c]: https://example.org', none],
  ['brackets that are no link', '[a\n!testme\nb]', full],
  ['title of a definition', '[a]: https://example.org "\n!testme\n"', none],
  ['after a definition', '[a]: https://example.org\n!testme', full],
  ['footnote', '[^1]: as said\n\n    !testme', none],
  ['front matter is a heading', '---\na: b\n---\n!testme', full],
  ['a thematic break', '***\n!testme\n***', full],
];

const unseen: readonly Row[] = [
  ['full-width mark', '！testme', wrong(unordinary)],
  ['full-width word', '！ｔｅｓｔｍｅ', wrong(unordinary)],
  ['full-width letters', '!ｔｅｓｔｍｅ', wrong(unordinary)],
  ['small mark', '﹗testme', wrong(unordinary)],
  ['styled letters', '!𝐭𝐞𝐬𝐭𝐦𝐞', wrong(unordinary)],
  ['zero width space inside', '!test\u200bme', wrong(unordinary)],
  ['zero width space before', '\u200b!testme', wrong(unordinary)],
  ['zero width space behind', '!testme\u200b', wrong(unordinary)],
  ['zero width space apart', '\u200b !testme', wrong(unordinary)],
  ['joiners', '!\u200ctest\u200dme', wrong(unordinary)],
  ['soft hyphen', '!test\u00adme', wrong(unordinary)],
  ['a byte order mark', '\uFEFF!testme', wrong(unordinary)],
  ['a byte order mark behind', '!testme\uFEFF', wrong(unordinary)],
  ['a byte order mark before a whole comment', '\uFEFFLooks good\n!testme', full],
  ['direction mark', '\u200f!testme', wrong(unordinary)],
  ['variation selector', '!\ufe0ftestme', wrong(unordinary)],
  ['null', '!test\u0000me', wrong(unordinary)],
  ['full-width and an option', '！testme --quick', wrong(unordinary, '!testme --quick')],
  ['full-width and capitals', '！TESTME', wrong(unordinary)],
  [
    'only the option',
    '!testme --qu\u200bick',
    wrong(
      '"--qu\\u{200b}ick" holds characters that cannot be seen or are not the ordinary ones',
      '!testme --quick',
    ),
  ],
  [
    'full-width commit',
    '!testme ７２０faa0',
    wrong(
      '"７２０faa0" holds characters that cannot be seen or are not the ordinary ones',
      '!testme 720faa0',
    ),
  ],
  ['cancel', '！cancel', wrong(unordinary, '!cancel')],
  ['help', '!help\u200b', wrong(unordinary, '!help')],
  ['cancel with a tail', '！cancel that', none],
  ['in a quote', '> ！testme', none],
  ['in code', '    !test\u200bme', none],
  ['words before it', 'please ！testme', none],
  ['longer word', '！testmexyz', none],
  ['a letter of another script is another word', '!tеstme', none],
  ['a whole command besides', '！testme\n!testme', full],
  ['nothing but what cannot be seen', '\u200b\u200b', none],
];

for (const [name, rows] of Object.entries({ word, options, commands, markdown, unseen })) {
  t.test(name, async (t) => {
    for (const [title, body, command] of rows) t.same(parseCommand(body, '!testme'), command, title);
  });
}

t.test('the word is configurable, and no regular expression', async (t) => {
  t.same(parseCommand('!a.b+', '!a.b+'), full);
  t.same(parseCommand('!axbb', '!a.b+'), none);
  t.same(parseCommand('!testme', '!a.b+'), none);
  t.same(parseCommand('!ci --quick', '!ci'), quick);
  t.same(parseCommand('!test', '!test'), full);
  t.same(parseCommand('!testme', '!test'), none, 'a word that begins like another');
  t.same(parseCommand('!ci now', '!ci'), wrong('"now" is not understood', '!ci'));
  t.same(parseCommand('!prüfe', '!prüfe'), full);
  t.same(parseCommand('!pru\u0308fe', '!prüfe'), wrong(unordinary, '!prüfe'), 'composed of other characters');
  t.same(parseCommand('!ｔ', '!ｔ'), full, 'whatever the word is made of');
});
