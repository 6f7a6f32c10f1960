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

const merged = `version: "3.8"
x-rights: &rights
  privileged: true
  labels: &labels
    ccci.run: x
x-all: &all
  <<: *rights
  pid: host
services:
  app:
    <<: [*all]
    image: a:1
    volumes:
      - ./conf:/inside
      - {type: bind, source: /etc, target: /etc2}
    configs:
      - {source: conf, target: /c, template: x}
    deploy:
      labels:
        - "traefik.http.routers.\${STACK_NAME}.rule=Host(\`forge\`)"
  db:
    labels: *labels
    ulimits: &self
      <<: *self
`;

t.test('follows anchors and merges to where they are written, and reads variables and mounts', async (t) => {
  const sourceOf = makeSourceOf([{ name: 'c', text: merged }], { STACK_NAME: 'st' });
  const cases: Record<string, number> = {
    'service.app.privileged': 3,
    'service.app.pid': 8,
    'service.db.labels.ccci.run': 5,
    'service.app.volumes./runs/1/conf:/inside': 14,
    'service.app.volumes./etc:/etc2': 15,
    'service.app.configs.conf.template': 17,
    'service.app.deploy.labels.traefik.http.routers.st.rule': 20,
    'service.app.cap_add': 10,
    'service.db.ulimits.rtprio': 23,
  };
  for (const [path, line] of Object.entries(cases)) t.equal(sourceOf(path)?.line, line, path);
});

t.test('aliases that hold one another many times over take no time', async (t) => {
  const levels = Array.from({ length: 30 }, (_, level) => {
    const inner =
      level === 0
        ? '{a: 1}'
        : `{<<: [${Array(9)
            .fill(`*l${level - 1}`)
            .join(', ')}]}`;
    return `x-${level}: &l${level} ${inner}\n`;
  });
  const text = `${levels.join('')}services:\n  app:\n    <<: *l29\n`;
  t.same(makeSourceOf([{ name: 'c', text }])('service.app.privileged'), { file: 'c', line: 32 });
});
