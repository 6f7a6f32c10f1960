import { makeSourceOf } from '@ccci/lib/recipe/source-of.ts';
import t from 'tap';

const compose = `version: "3.8"
services:
  app:
    image: nginx:1
    volumes:
      - data:/data
      - /etc:/host
    deploy:
      labels:
        - "traefik.enable=true"
        - "ccci.owner=x"
volumes:
  data:
    driver_opts: {type: none}
`;
const overlay = `services:
  app:
    cap_add: [NET_ADMIN]
  db:
    deploy: {labels: {ccci.run: y}}
`;

t.test('finds a path in the files as they were written', async (t) => {
  const sourceOf = makeSourceOf([
    { name: 'compose.yml', text: compose },
    { name: 'compose.more.yml', text: overlay },
  ]);
  const cases: Record<string, [string, number] | null> = {
    'service.app.volumes./etc:/host': ['compose.yml', 7],
    'service.app.deploy.labels.ccci.owner': ['compose.yml', 11],
    'service.db.deploy.labels.ccci.run': ['compose.more.yml', 5],
    'service.app.cap_add': ['compose.more.yml', 3],
    'volume.data.driver_opts': ['compose.yml', 14],
    'service.gone.ports': null,
    'stack.models': null,
    'stack.version': ['compose.yml', 1],
  };
  for (const [path, wanted] of Object.entries(cases)) {
    const found = sourceOf(path);
    t.same(found === null ? null : [found.file, found.line], wanted, path);
  }
});

t.test('files that are no YAML or no map give no place', async (t) => {
  t.equal(
    makeSourceOf([
      { name: 'a', text: '{' },
      { name: 'b', text: '- 1' },
    ])('service.app.ports'),
    null,
  );
});
