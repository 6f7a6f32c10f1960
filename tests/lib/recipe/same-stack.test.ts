import type { Stack } from '@ccci/lib/recipe/compose.ts';
import { changedServices, sameStack } from '@ccci/lib/recipe/same-stack.ts';
import t from 'tap';

const stack: Stack = {
  version: '3.8',
  services: {
    app: {
      image: 'nginx:1',
      configs: [{ source: 'nginx' }],
      deploy: { labels: { 'coop-cloud.st.version': '1.0.0+1', 'coop-cloud.st.timeout': '300' } },
    },
    db: { image: 'postgres:16', volumes: [{ type: 'volume', source: 'data', target: '/d' }] },
  },
  volumes: { data: {} },
  configs: { nginx: { name: 'st_nginx_v1', file: '/head/nginx.conf' } },
};
// biome-ignore lint/suspicious/noExplicitAny: edits reach anywhere into the stack
type Editable = any;
const change = (edit: (copy: Editable) => void): Stack => {
  const copy = structuredClone(stack);
  edit(copy);
  return copy;
};

t.test('L37 versions, chaos and our labels make no difference', async (t) => {
  const other = change((copy) => {
    copy.version = '3.9';
    copy['x-note'] = 1;
    copy.configs.nginx.file = '/base/nginx.conf';
    Object.assign(copy.services.app.deploy.labels, {
      'coop-cloud.st.version': '2.0.0+1',
      'coop-cloud.st.chaos': 'true',
      'coop-cloud.st.chaos-version': '12345678',
      'ccci.ref': 'x',
    });
    copy.services.db.deploy = { labels: { 'ccci.run': 'r' } };
  });
  t.ok(sameStack(stack, other));
  t.same(changedServices(stack, other), []);
});

const differences: Record<string, { edit: (copy: Editable) => void; changed: string[] }> = {
  image: { edit: (copy) => (copy.services.app.image = 'nginx:2'), changed: ['app'] },
  'another label': {
    edit: (copy) => (copy.services.app.deploy.labels['coop-cloud.st.timeout'] = '1'),
    changed: ['app'],
  },
  "a config's version": { edit: (copy) => (copy.configs.nginx.name = 'st_nginx_v2'), changed: ['app'] },
  "a config's file": { edit: (copy) => (copy.configs.nginx.file = '/head/other.conf'), changed: ['app'] },
  "a volume's label": { edit: (copy) => (copy.volumes.data.labels = { a: 'b' }), changed: ['db'] },
  'a new service': { edit: (copy) => (copy.services.new = { image: 'a:1' }), changed: [] },
  'a removed service': { edit: (copy) => delete copy.services.db, changed: [] },
  'a volume that nobody uses': { edit: (copy) => (copy.volumes.more = {}), changed: [] },
};
for (const [name, { edit, changed }] of Object.entries(differences)) {
  t.test(`differs by ${name}`, async (t) => {
    t.notOk(sameStack(stack, change(edit)));
    t.same(changedServices(stack, change(edit)), changed);
  });
}

t.test('contents decide where they can be compared', async (t) => {
  t.notOk(
    sameStack(
      stack,
      change((copy) => (copy.configs.nginx.file = '/base/nginx.conf')),
      { sameFile: () => false },
    ),
  );
});
