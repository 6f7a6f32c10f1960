import { composeFiles, objectName, parseStack, printStack, services } from '@ccci/lib/recipe/compose.ts';
import t from 'tap';
import { render } from './rendered.ts';

const compose = `
version: "3.8"
services:
  db:
    image: postgres:16
    healthcheck: {test: "pg_isready -p$$(cat /run/secrets/pw) $$HOME"}
    volumes: ["data:/var/lib/postgresql/data:ro"]
  app:
    image: nginx:1.25
    environment: [A=yes, "B=0o17", "C=\${DOMAIN}", "D=a: b # c"]
    ports: ["80:8080"]
    configs: [{source: conf, target: /c, mode: 0444}]
    deploy:
      labels: ["traefik.enable=true", "price=5$$"]
configs: {conf: {name: "\${STACK_NAME}_conf_v1", file: ./conf, template_driver: golang}}
volumes: {data: {}}
`;
const files = { 'compose.yml': compose, conf: 'x\n' };
const env = { DOMAIN: 'a.example.org', STACK_NAME: 'a_example_org' };

t.test('what docker stack config prints', async (t) => {
  const stack = await render({ files, env });
  t.same(
    services(stack).map(([name]) => name),
    ['app', 'db'],
  );
  t.same(
    stack.services.app?.deploy?.labels,
    { 'traefik.enable': 'true', price: '5$' },
    'a list became a map',
  );
  t.same(stack.services.app?.environment, { A: 'yes', B: '0o17', C: 'a.example.org', D: 'a: b # c' });
  t.match(stack.services.app?.ports, [{ target: 8080, published: 80 }]);
  t.same(stack.services.db?.volumes, [
    { type: 'volume', source: 'data', target: '/var/lib/postgresql/data', read_only: true },
  ]);
  t.same(stack.configs?.conf, {
    name: 'a_example_org_conf_v1',
    file: '/checkout/conf',
    template_driver: 'golang',
  });
});

t.test('what is printed is read back by the client as the very same stack', async (t) => {
  const stack = await render({ files, env });
  const text = printStack({ ...stack, configs: { conf: { external: true, name: 'a_example_org_conf_v1' } } });
  const again = await render({ files: { 'stack.yml': text }, env: { HOME: '/ours' } });
  t.same(again.services, stack.services);
  t.match(again.services.db?.healthcheck?.test, ['CMD-SHELL', 'pg_isready -p$(cat /run/secrets/pw) $HOME']);
  t.equal(printStack(stack), printStack(structuredClone(stack)), 'the same bytes');
});

t.test('no stack', async (t) => {
  t.throws(() => parseStack('services: [a]'), { code: 'bad-stack', status: 65 });
  t.throws(() => parseStack('a: {'), { code: 'bad-stack' });
  t.throws(() => parseStack(''), { code: 'bad-stack' });
  t.throws(() => parseStack('services: {app: }'), { code: 'bad-stack' });
});

t.test('compose files', async (t) => {
  t.same(composeFiles({}), ['compose.yml']);
  t.same(composeFiles({ COMPOSE_FILE: '' }), ['compose.yml']);
  t.same(composeFiles({ COMPOSE_FILE: 'a.yml:sub/b.yml::a.yml' }), ['a.yml', 'sub/b.yml']);
});

t.test('names on the swarm', async (t) => {
  t.equal(objectName('st', 'data', {}), 'st_data');
  t.equal(objectName('st', 'data', null), 'st_data');
  t.equal(objectName('st', 'data', { name: 'own' }), 'own');
  t.equal(objectName('st', 'proxy', { external: true }), 'proxy');
});
