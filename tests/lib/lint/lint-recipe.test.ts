import type { LintFacts } from '@ccci/lib/lint/facts.ts';
import { type LintReport, lintRecipe, lintRules } from '@ccci/lib/lint/lint-recipe.ts';
import { mergeCompose } from '@ccci/lib/lint/merge.ts';
import t from 'tap';

const compose = `version: "3.8"
services:
  app:
    image: nginx:1.25.3-alpine
    healthcheck: {test: "true"}
    configs: [nginx_conf]
    secrets: [db_password]
    deploy:
      labels: ["traefik.enable=true"]
configs: {nginx_conf: {name: "\${STACK_NAME}_nginx_conf_\${NGINX_CONF_VERSION}", file: nginx.conf}}
secrets: {db_password: {external: true, name: "\${STACK_NAME}_db_password_\${SECRET_DB_PASSWORD_VERSION}"}}
`;
const readme = `# ghost
<!-- metadata -->
* **Category**: Apps
* **Status**: 3
* **Image**: [ghost](https://example.org), 4, upstream
* **Healthcheck**: Yes
* **Backups**: Yes
* **Email**: No
* **Tests**: No
* **SSO**: No
<!-- endmetadata -->
`;
const facts = (changes: Partial<LintFacts> & { compose?: string } = {}): LintFacts => ({
  stack: mergeCompose([{ name: 'compose.yml', text: changes.compose ?? compose }]),
  envSample: 'TYPE=ghost\nDOMAIN=ghost.example.com\n',
  abra: 'export NGINX_CONF_VERSION=v1\n',
  readme,
  tags: [
    { name: '1.0.0+1.25.3', annotated: true },
    { name: 'nightly', annotated: false },
  ],
  ...changes,
});
const statusOf = (report: LintReport, id: string) => report.rules.find((rule) => rule.id === id)?.status;

t.test('a good recipe passes all rules; those that need the network are skipped', async (t) => {
  const report = lintRecipe(facts());
  t.equal(report.status, 'pass');
  t.same(report.rulesFailed, []);
  t.same(
    report.rules.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`),
    ['R006 skip', 'R013 skip'],
  );
  t.same(
    lintRules.map(({ id }) => id),
    Array.from({ length: 15 }, (_, index) => `R${String(index + 1).padStart(3, '0')}`),
  );
});

const failing: Record<
  string,
  { changes: Partial<LintFacts> & { compose?: string }; level: 'warn' | 'error'; detail: RegExp }
> = {
  R001: { changes: { compose: compose.replace('3.8', '3.7') }, level: 'warn', detail: /3\.7/ },
  R002: { changes: { compose: compose.replace(/ +healthcheck.*\n/, '') }, level: 'warn', detail: /app/ },
  R003: {
    changes: { compose: compose.replace(':1.25.3-alpine', '') },
    level: 'warn',
    detail: /app \(nginx\)/,
  },
  R004: {
    changes: { compose: compose.replace('1.25.3-alpine', 'latest') },
    level: 'warn',
    detail: /nginx:latest/,
  },
  R005: {
    changes: { compose: compose.replace('1.25.3-alpine', 'stable') },
    level: 'warn',
    detail: /nginx:stable/,
  },
  R007: {
    changes: { readme: readme.replace('Yes', '').replace('Apps', '') },
    level: 'warn',
    detail: /Category, Healthcheck/,
  },
  R008: { changes: { envSample: null }, level: 'error', detail: /\.env\.sample/ },
  R009: { changes: { compose: compose.replace('  app:', '  web:') }, level: 'error', detail: /web/ },
  R010: {
    changes: { compose: compose.replace('enable=true', 'enable=false') },
    level: 'error',
    detail: /deploy\.labels/,
  },
  R011: { changes: { compose: compose.replace(/ +image.*\n/, '') }, level: 'error', detail: /app/ },
  R012: { changes: { abra: 'export OTHER_VERSION=v1' }, level: 'error', detail: /nginx_conf/ },
  R014: { changes: { tags: [{ name: '1.0.0+1', annotated: false }] }, level: 'error', detail: /1\.0\.0\+1/ },
  R015: {
    changes: { compose: compose.replaceAll('db_password', 'db_password_x2') },
    level: 'warn',
    detail: /db_password_x2/,
  },
};
for (const [id, { changes, level, detail }] of Object.entries(failing)) {
  t.test(`${id} fails, alone, at level ${level}`, async (t) => {
    const report = lintRecipe(facts(changes));
    t.same(report.rulesFailed, [id]);
    t.match(
      report.rules.find((rule) => rule.id === id),
      { level, status: 'fail', detail },
    );
    t.equal(report.status, level === 'error' ? 'fail' : 'pass', 'only errors fail the recipe');
    t.match(report.text, new RegExp(`^${id}  ${level.padEnd(5)}  fail  `, 'm'));
  });
}

t.test('edges of single rules', async (t) => {
  t.equal(
    statusOf(lintRecipe(facts({ envSample: 'A=1\n#DOMAIN=x' })), 'R010'),
    'skip',
    'no domain, nothing to route',
  );
  t.equal(statusOf(lintRecipe(facts({ readme: null })), 'R007'), 'fail');
  t.equal(statusOf(lintRecipe(facts({ readme: '# ghost' })), 'R007'), 'fail');
  t.equal(statusOf(lintRecipe(facts({ abra: null })), 'R012'), 'fail');
  const plain = 'version: "3.8"\nservices: {app: {image: "a:1"}}';
  t.equal(statusOf(lintRecipe(facts({ abra: null, compose: plain })), 'R012'), 'pass', 'no configs');
  const rendered = { services: {}, configs: { conf: { name: 'st_app_ini_v1' } } };
  t.equal(
    statusOf(lintRecipe(facts({ stack: rendered })), 'R012'),
    'pass',
    'by its value in a rendered stack',
  );
  t.equal(statusOf(lintRecipe(facts({ tags: [] })), 'R014'), 'pass');
  const images: Record<string, [r003: string, r004: string, r005: string]> = {
    'registry:5000/a': ['fail', 'pass', 'pass'],
    'registry:5000/a:2': ['pass', 'pass', 'pass'],
    'a@sha256:00': ['fail', 'pass', 'pass'],
    'a:${TAG}': ['pass', 'pass', 'pass'],
    'a:${TAG:-latest}': ['pass', 'fail', 'pass'],
    'a:v1.2': ['pass', 'pass', 'pass'],
    'a:16': ['pass', 'pass', 'pass'],
    'a:RELEASE.2024-01-01': ['pass', 'pass', 'fail'],
  };
  for (const [image, wanted] of Object.entries(images)) {
    const report = lintRecipe(facts({ stack: { services: { app: { image } } } }));
    t.same(
      ['R003', 'R004', 'R005'].map((id) => statusOf(report, id)),
      wanted,
      image,
    );
  }
});

t.test('the text is a table with a summary', async (t) => {
  const { text } = lintRecipe(facts({ tags: [{ name: '1.0.0+\u001b[2J', annotated: false }] }));
  t.match(text, /^R001 {2}warn {3}pass {2}compose version is 3\.8$/m);
  t.match(text, /^R006 {2}warn {3}skip {2}.*: needs the network$/m);
  t.match(text, /\n\nfail: 1 of level error failed, 0 of level warn\n$/);
  t.notMatch(text, /\u001b/, 'a tag cannot draw on a terminal');
});
