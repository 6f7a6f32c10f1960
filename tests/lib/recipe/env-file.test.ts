import { expandEnv, expandText, parseEnvFile } from '@ccci/lib/recipe/env-file.ts';
import t from 'tap';

t.test('reads assignments, comments, quotes and modifiers', async (t) => {
  const entries = parseEnvFile(
    [
      'TYPE=ghost',
      '# a comment = not an assignment',
      '#MAIL_HOST=mail.example.org # optional=yes',
      'SECRET_DB_PASSWORD_VERSION=v1 # length=64 charset=hex generate=false',
      'A="with # hash" # note',
      "B='$literal'",
      'C=plain#hash',
      'D=',
      'E= # nothing but a comment',
      'export F=1',
      'G="a\\nb \\"c\\""',
      'H="unterminated',
      'not an assignment',
      '',
    ].join('\r\n'),
  );
  const byKey = Object.fromEntries(entries.map((entry) => [entry.key, entry]));
  t.same(Object.fromEntries(entries.map(({ key, value }) => [key, value])), {
    TYPE: 'ghost',
    MAIL_HOST: 'mail.example.org',
    SECRET_DB_PASSWORD_VERSION: 'v1',
    A: 'with # hash',
    B: '$literal',
    C: 'plain#hash',
    D: '',
    E: '',
    F: '1',
    G: 'a\nb "c"',
    H: '"unterminated',
  });
  t.equal(byKey.MAIL_HOST?.commented, true);
  t.equal(byKey.TYPE?.commented, false);
  t.equal(byKey.SECRET_DB_PASSWORD_VERSION?.line, 4);
  t.same(byKey.SECRET_DB_PASSWORD_VERSION?.modifiers, { length: '64', charset: 'hex', generate: 'false' });
  t.equal(byKey.B?.literal, true);
});

t.test('L63 a last line without newline is a line of its own', async (t) => {
  t.same(
    parseEnvFile('A=1\nB=2').map(({ key, value }) => `${key}:${value}`),
    ['A:1', 'B:2'],
  );
});

t.test('later lines use earlier ones and themselves', async (t) => {
  const env = expandEnv(
    parseEnvFile(
      [
        'COMPOSE_FILE="compose.yml"',
        '#COMPOSE_FILE="$COMPOSE_FILE:compose.off.yml"',
        'COMPOSE_FILE="$COMPOSE_FILE:compose.postgres.yml"',
        'URL=https://${DOMAIN}/${PATH_:-start}/${UNSET}',
        "LITERAL='${DOMAIN}'",
      ].join('\n'),
    ),
    { DOMAIN: 'a.example.org' },
  );
  t.same(env, {
    DOMAIN: 'a.example.org',
    COMPOSE_FILE: 'compose.yml:compose.postgres.yml',
    URL: 'https://a.example.org/start/',
    LITERAL: '${DOMAIN}',
  });
});

t.test('a dollar sign that names nothing stays', async (t) => {
  t.equal(expandText('5$ and \\$A and $1', { A: 'x' }), '5$ and $A and $1');
  t.equal(
    expandText('${E:-default}/${E-default}', { E: '' }),
    'default/',
    'empty counts as unset for :- alone',
  );
  t.equal(expandText('${constructor}', {}), '', 'nothing comes from prototypes');
});

t.test('a long hostile line is read in no time', async (t) => {
  t.equal(parseEnvFile(`A=b${' '.repeat(500_000)}c`).length, 1);
});

t.test(
  'lines that double one another, and a line without end, are refused and not carried out',
  async (t) => {
    const doubling = [
      'A0=xxxxxxxxxx',
      ...Array.from({ length: 60 }, (_, n) => `A${n + 1}=$A${n}\${A${n}}`),
    ].join('\n');
    const long = `A=${'x'.repeat(1_000_000)}`;
    for (const text of [doubling, long])
      t.throws(() => expandEnv(parseEnvFile(text)), {
        code: 'bad-env',
        status: 65,
        message: /65536 characters/,
      });
    t.equal(expandEnv(parseEnvFile(`A=${'x'.repeat(60_000)}`)).A?.length, 60_000);
  },
);
