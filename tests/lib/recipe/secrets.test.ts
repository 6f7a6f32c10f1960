import { parseEnvFile } from '@ccci/lib/recipe/env-file.ts';
import { charsets, generateSecret, planSecrets, type SecretPlan } from '@ccci/lib/recipe/secrets.ts';
import t from 'tap';

const entries = parseEnvFile(
  [
    'SECRET_DB_PASSWORD_VERSION=v1 # length=64 charset=hex',
    'SECRET_JWT_VERSION=v2',
    'SECRET_SMTP_VERSION=v1 # generate=false',
    '#SECRET_OLD_VERSION=v1 # length=5',
  ].join('\n'),
);

t.test('plans from the modifiers of the sample', async (t) => {
  const plans = planSecrets({
    entries,
    secrets: [
      { key: 'db_password', name: 'st_db_password_v1' },
      { key: 'token', name: 'st_jwt_v2' },
      { key: 'smtp', name: 'st_smtp_v1' },
      { key: 'old', name: 'st_old_v1' },
      { key: 'unknown', name: 'st_unknown_v1' },
    ],
  });
  t.same(plans, [
    { name: 'db_password', fullName: 'st_db_password_v1', length: 64, charset: 'hex', generate: true },
    { name: 'token', fullName: 'st_jwt_v2', length: null, charset: 'default', generate: true },
    { name: 'smtp', fullName: 'st_smtp_v1', length: null, charset: 'default', generate: false },
    { name: 'old', fullName: 'st_old_v1', length: 5, charset: 'default', generate: true },
    { name: 'unknown', fullName: 'st_unknown_v1', length: null, charset: 'default', generate: true },
  ]);
});

t.test('mistakes of the recipe are named', async (t) => {
  const secrets = [{ key: 'a', name: 'st_a_v1' }];
  const plan = (line: string) => planSecrets({ entries: parseEnvFile(line), secrets });
  t.throws(() => plan('SECRET_A_VERSION=v1 # charset=klingon'), {
    code: 'bad-modifier',
    message: /SECRET_A_VERSION.*klingon.*safespecial/,
  });
  t.throws(() => plan('SECRET_A_VERSION=v1 # length=0'), { code: 'bad-modifier' });
  t.throws(() => plan('SECRET_A_VERSION=v1 # length=many'), { code: 'bad-modifier' });
  t.throws(() => planSecrets({ entries: [], secrets: [{ key: 'a', name: 'st_a_' }] }), {
    code: 'no-version',
  });
});

t.test('generates what was asked for', async (t) => {
  const plan = (length: number | null, charset: SecretPlan['charset']): SecretPlan => ({
    name: 'a',
    fullName: 'st_a_v1',
    length,
    charset,
    generate: true,
  });
  let next = 0;
  const counting = (count: number) => Uint8Array.from({ length: count }, () => next++ % 256);
  for (const charset of ['default', 'hex', 'special', 'safespecial'] as const) {
    const value = generateSecret(plan(300, charset), counting);
    t.equal(value.length, 300);
    t.ok(
      [...value].every((character) => charsets[charset].includes(character)),
      charset,
    );
    t.equal(new Set(charsets[charset]).size, charsets[charset].length, `${charset} has no character twice`);
  }
  t.match(generateSecret(plan(null, 'default'), counting), /^([a-z]{6}-){4}[a-z]{6}$/);
  const high = generateSecret(plan(2, 'default'), (count) =>
    Uint8Array.from({ length: count }, () => [255, 0][next++ % 2] ?? 0),
  );
  t.equal(high, 'aa', 'a byte that would favour some characters is thrown away');
});
