import { printStack } from '@ccci/lib/recipe/compose.ts';
import { prepareForRun } from '@ccci/lib/recipe/for-run.ts';
import t from 'tap';
import { render } from './rendered.ts';

const compose = `
version: "3.8"
services:
  app:
    image: nginx:1.25
    env_file: [extra.env]
    ports: ["2222:22"]
    networks: [proxy, internal]
    environment: {MINE: recipe}
    configs: [{source: nginx, target: /etc/nginx.conf}]
    secrets: [db_password, token]
    volumes: [data:/data]
    deploy:
      labels:
        - "coop-cloud.\${STACK_NAME}.version=1.0.0+1.25"
        - "traefik.docker.network=proxy"
  db:
    image: postgres:16
    networks: [internal]
  alone: {image: busybox:1}
x-note: gone
networks:
  proxy: {external: true}
  internal: {}
volumes: {data: {}}
configs: {nginx: {name: "\${STACK_NAME}_nginx_\${NGINX_VERSION}", file: nginx.tmpl, template_driver: golang}}
secrets:
  db_password: {external: true, name: "\${STACK_NAME}_db_password_v1"}
  token: {file: token}
`;
const files = { 'compose.yml': compose, 'nginx.tmpl': 'x', token: 'y', 'extra.env': 'EXTRA=1\n' };
const rendered = (version = 'v3') => render({ files, env: { STACK_NAME: 'st', NGINX_VERSION: version } });
const options = {
  stackName: 'st',
  network: 'st_proxy',
  owner: 'owner-1',
  run: 'gitea-1',
  ref: '720faa0bebc4720faa0bebc4720faa0bebc4720f',
  commitLabel: '720faa0b+U',
};
const own = { 'ccci.owner': 'owner-1', 'ccci.run': 'gitea-1' };

t.test('a stack as a run deploys it', async (t) => {
  const { stack, files, externalSecrets, dropped } = prepareForRun(await rendered(), options);
  t.same(stack.services.app?.deploy?.labels, {
    'coop-cloud.st.version': '1.0.0+1.25',
    'coop-cloud.st.chaos': 'true',
    'coop-cloud.st.chaos-version': '720faa0b+U',
    'traefik.docker.network': 'st_proxy',
    ...own,
    'ccci.ref': options.ref,
  });
  t.same(stack.services.db?.deploy?.labels, { ...own, 'ccci.ref': options.ref });
  t.equal(stack.services.app?.labels, undefined, 'no labels on containers');
  t.equal(stack.services.app?.ports, undefined);
  t.equal(stack.services.app?.env_file, undefined);
  t.same(stack.services.app?.environment, { EXTRA: '1', MINE: 'recipe' });
  t.same(stack.networks, {
    default: { labels: own },
    internal: { labels: own },
    proxy: { external: true, name: 'st_proxy' },
  });
  t.same(stack.volumes, { data: { labels: own } });
  t.same(stack.configs, { nginx: { external: true, name: 'st_nginx_v3' } });
  t.same(stack.secrets, {
    db_password: { external: true, name: 'st_db_password_v1' },
    token: { external: true, name: 'st_token' },
  });
  t.same(files, [
    {
      kind: 'config',
      key: 'nginx',
      name: 'st_nginx_v3',
      file: '/checkout/nginx.tmpl',
      templating: 'golang',
      labels: {},
    },
    { kind: 'secret', key: 'token', name: 'st_token', file: '/checkout/token', templating: null, labels: {} },
  ]);
  t.same(externalSecrets, [{ key: 'db_password', name: 'st_db_password_v1' }]);
  t.same(dropped, ['service.app.ports']);
  t.notOk('x-note' in stack);
});

t.test('the same input gives the same bytes, and the client takes them', async (t) => {
  const input = await rendered();
  const before = structuredClone(input);
  const text = printStack(prepareForRun(input, options).stack);
  t.equal(text, printStack(prepareForRun(await rendered(), options).stack));
  t.same(input, before, 'the input is left alone');
  await t.resolves(render({ files: { 'stack.yml': text } }));
});

t.test('ports stay for a recipe that runs alone', async (t) => {
  const { stack, dropped } = prepareForRun(await rendered(), { ...options, keepPorts: true });
  t.match(stack.services.app?.ports, [{ published: 2222, target: 22 }]);
  t.same(dropped, []);
});

t.test("the app's .env becomes part of app's environment where app does not set it", async (t) => {
  const { stack } = prepareForRun(await rendered(), { ...options, env: { MINE: 'env', MORE: '1' } });
  t.same(stack.services.app?.environment, { EXTRA: '1', MINE: 'recipe', MORE: '1' });
  t.equal(stack.services.db?.environment, undefined);
});

t.test('names that Swarm would not take are errors before the deploy', async (t) => {
  const unversioned = await rendered('');
  t.throws(() => prepareForRun(unversioned, options), { code: 'no-version', message: /st_nginx_/ });
  const stack = await rendered();
  t.throws(() => prepareForRun(stack, { ...options, stackName: 's'.repeat(62) }), { code: 'name-too-long' });
});
