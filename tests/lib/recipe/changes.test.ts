import { type ChangeSide, changesBetween } from '@ccci/lib/recipe/changes.ts';
import type { Mount, Service, Stack } from '@ccci/lib/recipe/compose.ts';
import { parseEnvFile } from '@ccci/lib/recipe/env-file.ts';
import { changesSchema } from '@ccci/lib/records/changes.ts';
import t from 'tap';

const options = { against: '1.0.0+2.0', stackName: 'app_ci_example_org' };
const side = (
  services: Record<string, Service>,
  more: Partial<Stack> & { readonly sample?: string } = {},
): ChangeSide => {
  const { sample = '', ...stack } = more;
  return { stack: { services, ...stack } as Stack, entries: parseEnvFile(sample) };
};
const mount = (source: string, target: string): Mount => ({ type: 'volume', source, target });
const volumes = (...mounts: readonly Mount[]) => side({ app: { image: 'a:1', volumes: mounts } });
const volumesOf = (base: ChangeSide, head: ChangeSide) => changesBetween(base, head, options).volumes;
const nothing = { added: [], removed: [] };

t.test('two that are the same differ in nothing', async (t) => {
  const same = side({ app: { image: 'a:1', ports: [{ published: 80, target: 80 }] } }, { sample: 'A=1' });
  const changes = changesBetween(same, same, options);
  t.ok(changesSchema.safeParse(changes).success);
  t.same(changes, {
    against: '1.0.0+2.0',
    images: [],
    services: nothing,
    volumes: { added: [], dropped: [], renamed: [] },
    ports: nothing,
    variables: nothing,
    secrets: nothing,
    configs: nothing,
  });
});

t.test('images, services, ports, variables, secrets and configs, sorted', async (t) => {
  const base = side(
    { app: { image: 'a:1', ports: [{ published: 2222, target: 22 }] }, old: { image: 'o:1' } },
    { sample: 'HOST=x\nGONE=1\n#LATER=1\nSECRET_PW_VERSION=v1', secrets: { pw: {} }, configs: { nginx: {} } },
  );
  const head = side(
    {
      app: { image: 'a:2', ports: [{ published: 53, target: 53, protocol: 'udp' }, { target: 8080 }] },
      cache: { image: 'redis:7' },
    },
    {
      sample: 'HOST=y\nZ=1\nA=1\nSECRET_PW_VERSION=v1\nSECRET_JWT_KEY_VERSION=v1\nSECRET_EXTRA_VERSION=v1',
      secrets: { pw: {}, 'jwt-key': {} },
      configs: { php: {} },
    },
  );
  t.match(changesBetween(base, head, options), {
    images: [
      { service: 'app', from: 'a:1', to: 'a:2' },
      { service: 'cache', from: null, to: 'redis:7' },
      { service: 'old', from: 'o:1', to: null },
    ],
    services: { added: ['cache'], removed: ['old'] },
    ports: { added: ['app: 53 (udp)', 'app: any to 8080 (tcp)'], removed: ['app: 2222 (tcp)'] },
    variables: { added: ['A', 'Z'], removed: ['GONE'] },
    secrets: { added: ['extra', 'jwt-key'], removed: [] },
    configs: { added: ['php'], removed: ['nginx'] },
  });
});

t.test('a volume that is gone is dropped; with a new one in its place it is renamed', async (t) => {
  const base = volumes(mount('data', '/data'), mount('cache', '/cache'));
  t.same(volumesOf(base, volumes(mount('data', '/data'))), { added: [], dropped: ['cache'], renamed: [] });
  t.same(volumesOf(base, volumes(mount('content', '/data'), mount('cache', '/cache'))), {
    added: [],
    dropped: [],
    renamed: [{ from: 'data', to: 'content' }],
  });
  const elsewhere = volumes(mount('content', '/content'), mount('cache', '/cache'));
  t.same(volumesOf(base, elsewhere), { added: ['content'], dropped: ['data'], renamed: [] }, 'another place');
  const other = side({
    app: { image: 'a:1', volumes: [mount('cache', '/cache')] },
    db: { image: 'd:1', volumes: [mount('content', '/data')] },
  });
  t.same(volumesOf(base, other), { added: ['content'], dropped: ['data'], renamed: [] }, 'another service');
});

t.test('what is mounted counts, by its name on the swarm', async (t) => {
  const declared = side({ app: { image: 'a:1' } }, { volumes: { data: {} } });
  t.same(volumesOf(declared, side({ app: { image: 'a:1' } })).dropped, [], 'never mounted, so no data');
  const named = (name: string) =>
    side({ app: { image: 'a:1', volumes: [mount('data', '/data')] } }, { volumes: { data: { name } } });
  const plain = volumes(mount('data', '/data'));
  t.same(volumesOf(plain, named('app_ci_example_org_data')).renamed, [], 'the same name, said in full');
  t.same(volumesOf(plain, named('shared')).renamed, [{ from: 'data', to: 'shared' }]);
  const anonymous = { type: 'volume', target: '/tmp' } as Mount;
  t.same(volumesOf(volumes(anonymous), volumes()).dropped, []);
});

t.test('a recipe of thousands of names still makes a record', async (t) => {
  const many = Array.from({ length: 5_000 }, (_, index) => `V${index}_${'x'.repeat(300)}=1`).join('\n');
  const { variables } = changesBetween(side({}), side({}, { sample: many }), options);
  t.equal(variables.added.length, 101);
  t.equal(variables.added.at(-1), 'and 4900 more');
  t.ok(variables.added.every((name) => name.length <= 200));
});
