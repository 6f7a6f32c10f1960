import { isDeepStrictEqual } from 'node:util';
import { type Command, parseCommand } from '@ccci/lib/forge/grammar.ts';
import fc from 'fast-check';
import t, { type Test } from 'tap';

const parse = (body: string): Command => parseCommand(body, '!testme');
const runs = { numRuns: process.env.CCCI_SCALE === 'full' ? 20_000 : 500 };

/** Bodies that have much of what matters in them. */
const piece = fc.oneof(
  fc.constantFrom('!testme', '!cancel', '!help', '！testme', '!test\u200bme', '!TESTME', '\ufeff!testme'),
  fc.constantFrom(' --quick', ' --stages=lint', ' abc1234', ' --qick', ' abc12', ' ', '\t', '    ', '\u00a0'),
  fc.constantFrom(
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '> ',
    '- ',
    '1. ',
    '```',
    '~~~',
    '`',
    '<!--',
    '-->',
    '# ',
    '---',
  ),
  fc.constantFrom('[', '](', ')', ']:', '<a>', '<pre>', '</pre>', '|', '*', '\\', '&', '"'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const body = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
/** Words that mean nothing to Markdown. */
const prose = fc
  .array(fc.stringMatching(/^[A-Za-z]{1,9}$/), { minLength: 1, maxLength: 8 })
  .map((words) => words.join(' '));

const eachLine = (text: string, change: (line: string) => string) =>
  text.split(/(\r\n|\r|\n)/).map((part, at) => (at % 2 === 0 ? change(part) : part));

const holds = <Values extends [unknown, ...unknown[]]>(t: Test, property: fc.IProperty<Values>) =>
  t.doesNotThrow(() => fc.assert(property, runs));

t.test('it never throws, and gives a command or none', async (t) => {
  holds(
    t,
    fc.property(body, (text) => ['none', 'trigger', 'cancel', 'help', 'grammar'].includes(parse(text).kind)),
  );
});

t.test('without an exclamation mark nothing is a command', async (t) => {
  const quiet = body.map((text) => text.replaceAll(/[!\uFF01\uFE57\uFE15]/g, ''));
  holds(
    t,
    fc.property(quiet, (text) => parse(text).kind === 'none'),
  );
});

t.test('L10 what is quoted, fenced or indented is no command', async (t) => {
  const longest = (text: string) => Math.max(3, ...[...text.matchAll(/~+/g)].map(([run]) => run.length + 1));
  holds(
    t,
    fc.property(body, (text) => {
      const fence = '~'.repeat(longest(text));
      const hidden = [
        eachLine(text, (line) => `> ${line}`).join(''),
        eachLine(text, (line) => `    ${line}`).join(''),
        `${fence}\n${text}\n${fence}`,
        `Ana wrote:\n\n${eachLine(text, (line) => `> ${line}`).join('')}\n\nI do not agree.`,
      ];
      return hidden.every((one) => parse(one).kind === 'none');
    }),
  );
});

t.test('prose before and after changes nothing', async (t) => {
  holds(
    t,
    fc.property(body, prose, prose, (text, before, after) => {
      return isDeepStrictEqual(parse(`${before}\n\n${text}\n\n${after}`), parse(`\n\n${text}`));
    }),
  );
});

t.test('the nearest valid form is one', async (t) => {
  const option = fc.oneof(
    fc.constantFrom('--quick', '--qick', '—quick', '--stages=lint', '--stage=custom', '--stages', 'install'),
    fc.constantFrom(
      'abc1234',
      '`abc1234`',
      'ABC',
      '720faa0x',
      '--stages=instal,Lint',
      '\u200b--quick',
      '７２０faa0',
    ),
    fc.string({ unit: 'binary', maxLength: 9 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
  );
  holds(
    t,
    fc.property(fc.array(option, { minLength: 1, maxLength: 6 }), (words) => {
      const command = parse(`!testme ${words.join(' ')}`);
      if (command.kind !== 'grammar') return true;
      const [, form = ''] = /; the nearest valid form is (.*)$/s.exec(command.detail) ?? [];
      return parse(form).kind === 'trigger';
    }),
  );
});

t.test('what holds other than the ordinary characters is never a trigger', async (t) => {
  const unseen = fc.constantFrom(
    '\u200b',
    '\u200d',
    '\u00ad',
    '\ufeff',
    '\u2060',
    '\ufe0f',
    '\u{e0041}',
    '\u3164',
  );
  holds(
    t,
    fc.property(unseen, fc.nat({ max: 7 }), (character, at) => {
      const command = parse(`${'!testme'.slice(0, at)}${character}${'!testme'.slice(at)}`);
      return command.kind === 'grammar' && command.detail.includes('cannot be seen');
    }),
  );
});
