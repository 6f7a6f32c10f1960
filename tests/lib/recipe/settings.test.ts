import { defaultSettings, readSettings } from '@ccci/lib/recipe/settings.ts';
import t from 'tap';

const file = 'tests/ghost/recipe.yml';
const problemsOf = (text: string): string => {
  try {
    readSettings(text, file);
    return '';
  } catch (error) {
    t.match(error, { name: 'Failure', status: 65, code: 'bad-settings' });
    return (error as Error).message;
  }
};

t.test('defaults are those of the document', async (t) => {
  const defaults = {
    health: { path: '/', ok: [200] },
    timeouts: { deploy: 600, http: 300, run: 3600 },
    env: {},
    upgrade: { env: {}, from: null, overlay: null },
    backup: { enabled: null },
    ready: [],
    needs: [],
    shared: [],
    skip: {},
    deployments: 2,
    exclusive: false,
    screenshot: true,
    hooks: { engine: false },
    allow: [],
    repositoryTests: null,
  };
  t.same(defaultSettings, defaults);
  t.same(readSettings(undefined, file), defaults);
  t.same(readSettings('', file), defaults, 'an empty file');
  t.same(readSettings('health: {path: /x}', file).health, { path: '/x', ok: [200] });
});

t.test('all keys', async (t) => {
  const settings = readSettings(
    `
health: {path: /health, ok: 204}
timeouts: {deploy: 900}
env: {SITE: "https://\${DOMAIN}", COUNT: 3, ON: true}
upgrade: {env: {A: b}, from: 1.0.0+1, overlay: {for: 1.0.0+1}}
backup: {enabled: false}
ready: [{http: app, path: /ready, ok: [200, 204]}, {tcp: db, port: 5432, stable: 3}, {http: "api:8080"}]
needs: [keycloak]
shared: [keycloak]
skip: {upgrade: first version, functional: static site}
deployments: 1
exclusive: true
screenshot: /login
hooks: {engine: true}
allow: ["service.app.cap_add"]
`,
    file,
  );
  t.same(settings.health, { path: '/health', ok: [204] });
  t.same(settings.timeouts, { deploy: 900, http: 300, run: 3600 });
  t.same(settings.env, { SITE: 'https://${DOMAIN}', COUNT: '3', ON: 'true' });
  t.same(settings.upgrade, { env: { A: 'b' }, from: '1.0.0+1', overlay: { for: '1.0.0+1' } });
  t.same(settings.ready, [
    { http: 'app', path: '/ready', ok: [200, 204] },
    { tcp: 'db', port: 5432, stable: 3 },
    { http: 'api:8080', path: '/', ok: [200] },
  ]);
  t.same(settings.skip, { upgrade: 'first version', functional: 'static site' });
  t.equal(settings.screenshot, '/login');
});

const wrong: Record<string, [text: string, message: RegExp]> = {
  'an unknown key': [
    'helth: {path: /}',
    /tests\/ghost\/recipe\.yml: unknown key helth; did you mean health\?/,
  ],
  'an unknown inner key': ['timeouts: {deplyo: 3}', /unknown key timeouts\.deplyo; did you mean deploy\?/],
  'an unknown key of the overlay': [
    'upgrade: {overlay: {four: x}}',
    /unknown key upgrade\.overlay\.four; did you mean for\?/,
  ],
  'an unknown key of a probe': [
    'ready: [{http: app, pth: /}]',
    /unknown key ready\.0\.pth; did you mean path\?/,
  ],
  'a probe of no kind': [
    'ready: [{udp: x}]',
    /ready\.0: expected \{http, path, ok\} or \{tcp, port, stable\}/,
  ],
  'a probe that is no map': ['ready: [app]', /ready\.0: expected \{http/],
  'a wrong type in a probe': ['ready: [{tcp: db, port: many}]', /ready\.0\.port: .*number/],
  'an unknown stage': ['skip: {upgrad: x}', /unknown key skip\.upgrad; did you mean upgrade\?/],
  'lint is never skipped': ['skip: {lint: x}', /unknown key skip\.lint/],
  'a reason that is empty': ['skip: {upgrade: " "}', /skip\.upgrade: expected a reason/],
  'a wrong type': ['deployments: 3', /deployments: expected 1 or 2/],
  'a path without slash': ['health: {path: x}', /health\.path: expected a path that begins with \//],
  'a status': ['health: {ok: fine}', /health\.ok: expected one HTTP status or a list/],
  'time as text': ['timeouts: {deploy: 10m}', /timeouts\.deploy: .*number/],
  'a time of zero': ['timeouts: {deploy: 0}', /timeouts\.deploy: /],
  'a time beyond any timer': ['timeouts: {run: 3000000}', /timeouts\.run: expected at most 604800 seconds/],
  "the run's own variables": ['env: {DOMAIN: x}', /env\.DOMAIN: the run decides DOMAIN and STACK_NAME/],
  'a list of variables': ['env: [A=1]', /env: .*expected record/],
  'no map at all': ['- a', /recipe\.yml: the file: /],
  'no YAML': ['a: [', /recipe\.yml: /],
};
for (const [name, [text, message]] of Object.entries(wrong)) {
  t.test(`refuses ${name}`, async (t) => {
    t.match(problemsOf(text), message);
  });
}

t.test('all problems are listed at once', async (t) => {
  const message = problemsOf('helth: 1\ndeployments: 3\ntimeouts: {deploy: x, run: 1, htp: 2}');
  for (const part of [
    /unknown key helth/,
    /deployments: /,
    /timeouts\.deploy: /,
    /unknown key timeouts\.htp/,
  ]) {
    t.match(message, part);
  }
});

t.test('needs and shared name recipes, and what is shared is needed', async (t) => {
  const { needs, shared } = readSettings('needs: [idp, mail, idp]\nshared: [mail]\n', 'recipe.yml');
  t.same({ needs, shared }, { needs: ['idp', 'mail'], shared: ['mail'] });
  t.throws(() => readSettings('shared: [idp]\n', 'recipe.yml'), {
    code: 'bad-settings',
    message: 'recipe.yml: shared: idp is not in needs',
  });
  t.throws(() => readSettings('needs: [../idp]\n', 'recipe.yml'), {
    message: /expected the name of a recipe/,
  });
});
