import { appEnvironment } from '@ccci/lib/recipe/app-env.ts';
import t from 'tap';

const sample = [
  'TYPE=ghost',
  'DOMAIN=ghost.example.com',
  '## Extra domains',
  '#EXTRA_DOMAINS=", `www.ghost.example.com`"',
  'LETS_ENCRYPT_ENV=production',
  'COMPOSE_FILE="compose.yml"',
  'COMPOSE_FILE="$COMPOSE_FILE:compose.postgres.yml"',
  'SITE_URL=https://$SUB.$DOMAIN',
  'DOCKER_HOST=tcp://evil.example.org',
  'PATH=/evil',
  'SECRET_DB_PASSWORD_VERSION=v1 # length=64 charset=hex',
].join('\n');
const abra = 'export NGINX_CONF_VERSION=v3\n';
const common = { domain: 'ghos-a1b2c3.ci.example.org', recipe: 'ghost' };

t.test('the environment of a fresh run', async (t) => {
  const { env, added } = appEnvironment({ ...common, sample, abra, overrides: {} });
  t.same(env, {
    TYPE: 'ghost',
    DOMAIN: 'ghos-a1b2c3.ci.example.org',
    STACK_NAME: 'ghos-a1b2c3_ci_example_org',
    LETS_ENCRYPT_ENV: '',
    NGINX_CONF_VERSION: 'v3',
    COMPOSE_FILE: 'compose.yml:compose.postgres.yml',
    SITE_URL: 'https://.ghos-a1b2c3.ci.example.org',
    SECRET_DB_PASSWORD_VERSION: 'v1',
  });
  t.same(added, [], 'a fresh install asks nothing of an operator');
});

t.test("the operator's overrides", async (t) => {
  const overrides = {
    SITE_URL: 'https://${DOMAIN}/${STACK_NAME}',
    COMPOSE_FILE: '$COMPOSE_FILE:compose.mail.yml',
    NGINX_CONF_VERSION: 'v9',
    EXTRA: 'x',
  };
  const { env } = appEnvironment({ ...common, sample, abra, overrides });
  t.equal(env.SITE_URL, 'https://ghos-a1b2c3.ci.example.org/ghos-a1b2c3_ci_example_org');
  t.equal(env.COMPOSE_FILE, 'compose.yml:compose.postgres.yml:compose.mail.yml');
  t.equal(env.NGINX_CONF_VERSION, 'v9');
  t.equal(env.EXTRA, 'x');
});

t.test('further domains are those of the operator, never those of the sample', async (t) => {
  const sampled = `${sample}\nEXTRA_DOMAINS=', \`www.ghost.example.com\`'`;
  const { env } = appEnvironment({ ...common, sample: sampled, abra, overrides: {} });
  t.equal(env.EXTRA_DOMAINS, undefined);
  const overrides = { EXTRA_DOMAINS: ', `www.${DOMAIN}`' };
  const own = appEnvironment({ ...common, sample: sampled, abra, overrides });
  t.equal(own.env.EXTRA_DOMAINS, ', `www.ghos-a1b2c3.ci.example.org`');
});

t.test('an override is seen by the lines below it', async (t) => {
  const { env } = appEnvironment({ ...common, sample: 'A=1\nB=$A-$A', abra: null, overrides: { A: '2' } });
  t.equal(env.B, '2-2');
});

t.test("an upgrade keeps the operator's values and lists what is new", async (t) => {
  const base = appEnvironment({ ...common, sample, abra, overrides: {} }).env;
  const newer = [
    sample.replace('_VERSION=v1', '_VERSION=v2'),
    'SECRET_JWT_SECRET_VERSION=v1',
    'SMTP_HOST=',
    'LOG_LEVEL=info',
    'GIVEN=',
  ].join('\n');
  const { env, added } = appEnvironment({
    ...common,
    sample: newer,
    abra: 'export NGINX_CONF_VERSION=v4\nexport NEW_CONF_VERSION=v1',
    overrides: { GIVEN: 'by recipe.yml' },
    keep: base,
  });
  t.equal(env.SECRET_DB_PASSWORD_VERSION, 'v1', 'kept');
  t.equal(env.COMPOSE_FILE, 'compose.yml:compose.postgres.yml', 'kept, not extended again');
  t.equal(env.NGINX_CONF_VERSION, 'v4', "config versions are the commit's");
  t.equal(env.SECRET_JWT_SECRET_VERSION, 'v1');
  t.equal(env.GIVEN, 'by recipe.yml');
  t.same(added, [
    'new secret: jwt_secret',
    'new variable without default: SMTP_HOST',
    'new variable: LOG_LEVEL (sample: info)',
    'new variable without default: GIVEN',
  ]);
});

t.test('a recipe without sample', async (t) => {
  const { env } = appEnvironment({ ...common, sample: null, abra: null, overrides: {} });
  t.equal(env.DOMAIN, 'ghos-a1b2c3.ci.example.org');
});
