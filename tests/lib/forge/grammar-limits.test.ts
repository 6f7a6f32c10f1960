import { bodyLimit, parseCommand } from '@ccci/lib/forge/grammar.ts';
import t from 'tap';

t.test('64 kB are read, one byte more is not', async (t) => {
  for (const letter of ['a', 'ä', '😀']) {
    const bytes = Buffer.byteLength(letter);
    const filled = `!testme\n\n${letter.repeat(Math.floor((bodyLimit - 9) / bytes))}`;
    const exact = filled + '.'.repeat(bodyLimit - Buffer.byteLength(filled));
    t.equal(Buffer.byteLength(exact), bodyLimit);
    t.equal(parseCommand(exact, '!testme').kind, 'trigger', `bytes of ${letter} are counted, not letters`);
    t.equal(parseCommand(`${exact}.`, '!testme').kind, 'none');
  }
});

t.test('details are short and on one line, whatever is quoted', async (t) => {
  const long = [
    `!testme ${'a '.repeat(30_000)}`,
    `!testme ${'a'.repeat(60_000)}`,
    `!testme ${'\u200b'.repeat(20_000)}`,
    `!testme ${'\ufdfa'.repeat(20_000)}`,
    `!testme --stages=${'a,'.repeat(30_000)}`,
    `!testme ${'😀'.repeat(10_000)}`,
    `!testme \u2028\u2029\u0085\u202e\u0007`,
  ];
  for (const body of long) {
    const command = parseCommand(body, '!testme');
    if (command.kind !== 'grammar') t.fail(`${body.slice(0, 20)} is ${command.kind}`);
    else t.match(command.detail, /^[\P{C}]{1,1500}$/u, `${command.detail.length} characters`);
  }
});

t.test('who nests more deeply than anybody writes is not heard', async (t) => {
  const behind = (text: string) => parseCommand(`${text}\n\n!testme`, '!testme').kind;
  const shown: Readonly<Record<string, string>> = {
    '>': '> ',
    '>>': '>',
    '-': '- ',
    '- >': '- >',
    '1.': '1. ',
  };
  for (const [title, marker] of Object.entries(shown)) {
    t.equal(behind(`${marker.repeat(10)}a`), 'trigger', `${title}, ten deep`);
    t.equal(behind(`${marker.repeat(100)}a`), 'none', `${title}, a hundred deep`);
  }
  t.equal(behind('['.repeat(300)), 'trigger');
  t.equal(behind('['.repeat(301)), 'none');
  t.equal(behind('![a\r\n'.repeat(301)), 'none', 'over lines');
  t.equal(behind('[\n\n'.repeat(301)), 'trigger', 'no link goes over an empty line');
  t.equal(behind('[a](b) '.repeat(1000)), 'trigger', 'closed ones are not counted');
});

/** Pieces that, said again and again, keep parsers of Markdown busy. */
const pieces = [
  ...[
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
    '[a][',
    '- >',
  ],
  ...[
    '\n',
    '\r',
    '\t',
    '   ',
    '<a ',
    '<a href="',
    '\\',
    '](',
    '![a',
    '- a\n',
    '- a\n\n',
    '[a\n',
    '_a_',
    '*\n',
  ],
  ...[
    '[a]:\n',
    '[a]: "\n',
    '`\n',
    'a\\\n',
    '!testme x\n',
    '!testme\n',
    '!testme ',
    '\u200b',
    '！',
    '\u0316\u0301',
  ],
];

t.test('hostile Markdown takes at most thirty times as long as a list', { timeout: 600_000 }, async (t) => {
  const size = process.env.CCCI_SCALE === 'full' ? bodyLimit - 100 : bodyLimit / 4;
  const time = (piece: string) => {
    const body = `${piece.repeat(Math.floor(size / Buffer.byteLength(piece)))}\n\n!testme`;
    const startedAt = process.cpuUsage();
    parseCommand(body, '!testme');
    return process.cpuUsage(startedAt).user;
  };
  time('Some words.\n');
  const usual = Math.max(...Array.from({ length: 3 }, () => time('- a link: [a](b)\n')));
  for (const piece of pieces) {
    const ratio = time(piece) / usual;
    t.ok(ratio < 30, `${JSON.stringify(piece)}: ${ratio.toFixed(1)} times`);
  }
});
