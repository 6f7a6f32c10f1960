import { isSecretName, secretsInSettings, withoutSecrets } from '@ccci/lib/recipe/secret-settings.ts';
import { readSettings } from '@ccci/lib/recipe/settings.ts';
import t from 'tap';

const settings = readSettings(
  [
    'env: { ADMIN_PASSWORD: hunter22, LOG_LEVEL: info, SECRET_DB_VERSION: v2 }',
    'upgrade: { from: 1.0.0+1, env: { SMTP_TOKEN: abcdefgh, SMTP_HOST: mail } }',
  ].join('\n'),
  'recipe.yml',
);

t.test('which variables hold secrets, by their names', async (t) => {
  for (const name of [
    'ADMIN_PASSWORD',
    'DB_PASS',
    'PASSWD',
    'SECRET_KEY',
    'API_TOKEN',
    'S3_ACCESS_KEY_ID',
    'APIKEY',
  ])
    t.ok(isSecretName(name), name);
  for (const name of [
    'SECRET_DB_PASSWORD_VERSION',
    'DB_PASSWORD_FILE',
    'TOKEN_URL',
    'COMPASS',
    'PASSENGER',
    'KEY',
  ])
    t.notOk(isSecretName(name), name);
});

t.test('they are masked and not shown, the rest stays', async (t) => {
  t.same(secretsInSettings(settings), ['hunter22', 'abcdefgh']);
  const shown = withoutSecrets(settings);
  t.same(shown.env, { ADMIN_PASSWORD: '***', LOG_LEVEL: 'info', SECRET_DB_VERSION: 'v2' });
  t.same(shown.upgrade, { ...settings.upgrade, env: { SMTP_TOKEN: '***', SMTP_HOST: 'mail' } });
  t.equal(settings.env.ADMIN_PASSWORD, 'hunter22', 'what is deployed is as it was written');
});
