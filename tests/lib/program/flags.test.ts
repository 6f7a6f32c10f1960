import { commonFlags, parseFlags } from '@ccci/lib/program/flags.ts';
import t from 'tap';

const definitions = {
  domain: { type: 'string' },
  'interval-ms': { type: 'string' },
  fail: { type: 'boolean' },
  ...commonFlags,
} as const;

const parse = (...args: string[]) => parseFlags(args, definitions);

t.test('values', async (t) => {
  t.match(parse(), { domain: undefined, fail: undefined, help: undefined });
  t.same(Object.keys(parse('--fail')).sort(), Object.keys(definitions).sort(), 'every flag is there');
  const cases: readonly (readonly [readonly string[], object])[] = [
    [['--fail'], { fail: true }],
    [['--no-fail'], { fail: false }],
    [['--fail', '--no-fail'], { fail: false }],
    [['--no-fail', '--fail'], { fail: true }],
    [['--domain', 'a.b'], { domain: 'a.b' }],
    [['--domain=a.b'], { domain: 'a.b' }],
    [['--domain=a=b'], { domain: 'a=b' }],
    [['--domain', 'a', '--domain', 'b'], { domain: 'b' }],
    [['--domain', '123'], { domain: '123' }],
    [['--domain', 'true'], { domain: 'true' }],
    [['--domain', '-'], { domain: '-' }],
    [['--domain=--x'], { domain: '--x' }],
    [['--interval-ms', '5'], { 'interval-ms': '5' }],
    [['--log-format=json', '--help'], { 'log-format': 'json', help: true }],
    [['--fail', '--'], { fail: true }],
  ];
  for (const [args, expected] of cases) t.match(parse(...args), expected, args.join(' '));
});

t.test('what is refused', async (t) => {
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [['--domian', 'x'], 'unknown-flag', 'unknown flag --domian; did you mean --domain?'],
    [['--stat', 'x'], 'unknown-flag', 'unknown flag --stat; did you mean --state?'],
    [['--intervalMs', '5'], 'unknown-flag', 'unknown flag --intervalMs; did you mean --interval-ms?'],
    [['--zzzzzzzzzz'], 'unknown-flag', 'unknown flag --zzzzzzzzzz'],
    [['-x'], 'unknown-flag', 'unknown flag -x'],
    [['--constructor'], 'unknown-flag', 'unknown flag --constructor'],
    [['--__proto__'], 'unknown-flag', 'unknown flag --__proto__'],
    [['--no-constructor'], 'unknown-flag', 'unknown flag --no-constructor'],
    [['--no-domain'], 'unknown-flag', 'unknown flag --no-domain; did you mean --domain?'],
    [['--no-no-fail'], 'unknown-flag', 'unknown flag --no-no-fail'],
    [['--fail=yes'], 'stray-value', 'flag --fail takes no value'],
    [['--fail=false'], 'stray-value', 'flag --fail takes no value'],
    [['--no-fail=x'], 'stray-value', 'flag --no-fail takes no value'],
    [['--domain'], 'missing-value', 'flag --domain needs a value'],
    [['--domain='], 'missing-value', 'flag --domain needs a value'],
    [['--domain', ''], 'missing-value', 'flag --domain needs a value'],
    [['--domain', '--fail'], 'missing-value', 'flag --domain needs a value'],
    [['--domain', '--no-fail'], 'missing-value', 'flag --domain needs a value'],
    [['--domain', '--', 'x'], 'missing-value', 'flag --domain needs a value'],
    [['stray'], 'stray-word', 'unexpected argument "stray"; this program takes no further words'],
    [['--fail', 'true'], 'stray-word', 'unexpected argument "true"; this program takes no further words'],
    [['--', '--fail'], 'stray-word', 'unexpected argument "--fail"; this program takes no further words'],
    [['-'], 'stray-word', 'unexpected argument "-"; this program takes no further words'],
    [[''], 'stray-word', 'unexpected argument ""; this program takes no further words'],
  ];
  for (const [args, code, message] of cases) {
    const thrown = catching(() => parse(...args));
    t.match(thrown, { status: 64, code, hint: 'see --help' }, args.join(' '));
    t.equal(
      (thrown as Error | undefined)?.message.replace(/; did you mean.*/, ''),
      message.replace(/; did.*/, ''),
    );
    if (message.includes('did you')) t.equal((thrown as Error).message, message);
  }
});

t.test('words that have a place', async (t) => {
  const placed = { recipe: { type: 'positional' }, ...definitions } as const;
  t.match(parseFlags(['--fail', './ghost'], placed), { recipe: './ghost', fail: true });
  t.match(parseFlags(['--', '--odd'], placed), { recipe: '--odd' });
  t.match(parseFlags([], placed), { recipe: undefined });
  t.throws(() => parseFlags(['a', 'b'], placed), { code: 'stray-word', message: /"b"/ });
  t.throws(() => parseFlags(['--recipe', 'a'], placed), { code: 'unknown-flag' });
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
