import { hookFailure, runHooks } from '@ccci/lib/backup/hooks.ts';
import { checkSeeds, destroySeeds, type SeedOptions, seedVolumes } from '@ccci/lib/backup/seed.ts';
import { readBackupLabels } from '@ccci/lib/recipe/backup-labels.ts';
import type { Stack } from '@ccci/lib/recipe/compose.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { serviceContainers } from '@ccci/lib/swarm/tasks.ts';
import { openWakes } from '@ccci/lib/swarm/wakes.ts';
import t, { type Test } from 'tap';
import { callEngine } from '../../support/engine/call.ts';
import { databaseImages, loadDatabase } from '../../support/engine/databases/load.ts';
import { enterBox } from '../../support/engine/enter.ts';
import { labRun, web } from '../swarm/lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
await loadDatabase(box, 'postgres');
await loadDatabase(box, 'mariadb');
const engine = connectEngine(box.dockerHost);
t.jobs = 2;

const volume = (source: string, target: string) => ({ type: 'volume', source, target });
const quickly = { deploy: { endpoint_mode: 'dnsrr' }, stop_grace_period: '5s' };

t.test('a database that has only just begun to start is waited for, and rows come and go', async (t) => {
  const services = {
    pg: {
      ...quickly,
      image: databaseImages.postgres,
      environment: { POSTGRES_PASSWORD: 'p w', POSTGRES_USER: 'me', POSTGRES_DB: 'my-app' },
      volumes: [volume('pg', '/var/lib/postgresql/data')],
    },
    my: {
      ...quickly,
      image: databaseImages.mariadb,
      environment: { MARIADB_ROOT_PASSWORD: "it's" },
      volumes: [volume('my', '/var/lib/mysql')],
    },
  };
  const options = await begin(t, services, { pg: {}, my: {} });
  const seeds = await seedVolumes({ ...options, token: 'abc' });
  t.same(seeds.unseeded, []);
  t.same(
    seeds.tables.map(({ service, kind }) => [service, kind]),
    [
      ['my', 'mysql'],
      ['pg', 'postgres'],
    ],
  );
  t.same(await checkSeeds(seeds, options), [
    { what: 'database my (mysql)', status: 'pass', message: null },
    { what: 'database pg (postgres)', status: 'pass', message: null },
  ]);
  t.same(await destroySeeds(seeds, options), []);
  const message = 'the table ccci_seed_abc has 20 of 40 rows, and not all as they were written';
  t.match(await checkSeeds(seeds, options), [
    { status: 'fail', message },
    { status: 'fail', message },
  ]);
});

t.test(
  'a database in an image of another name is known by its server; its dumps’ volume is no folder of its own',
  async (t) => {
    await callEngine(box.socket, 'POST', '/images/lab.invalid/postgres:15/tag?repo=lab.invalid/store&tag=1');
    const services = {
      store: {
        ...quickly,
        image: 'lab.invalid/store:1',
        init: true,
        environment: { POSTGRES_PASSWORD: 'pw', PGDATA: '/data/here' },
        volumes: [volume('store', '/data')],
      },
      db: {
        ...quickly,
        image: databaseImages.postgres,
        environment: { POSTGRES_PASSWORD: 'pw' },
        volumes: [volume('db', '/var/lib/postgresql/data'), volume('dumps', '/dumps')],
      },
    };
    const options = await begin(t, services, { store: {}, db: {}, dumps: {} });
    // The server's process is there when the database has been asked.
    const { tables: first } = await seedVolumes({ ...options, token: 'one' });
    t.match(first, [{ service: 'db' }]);
    await untilHealthy(options, 'store');
    const { tables, files, unseeded } = await seedVolumes({ ...options, token: 'two' });
    t.same(
      tables.map(({ service, volumes }) => [service, volumes]),
      [
        ['db', ['db']],
        ['store', ['store']],
      ],
    );
    t.same(
      files.map(({ name }) => name),
      ['dumps'],
    );
    t.same(unseeded, []);
  },
);

t.test(
  'a database without client, one with an unknown password and one that never answers say why',
  async (t) => {
    const services = {
      none: web(1, {
        environment: { MYSQL_ROOT_PASSWORD: 'pw' },
        volumes: [volume('none', '/var/lib/mysql')],
      }),
      silent: {
        ...quickly,
        image: databaseImages.postgres,
        entrypoint: ['sleep', '1000'],
        init: true,
        volumes: [volume('silent', '/var/lib/postgresql/data')],
      },
      locked: {
        ...quickly,
        image: databaseImages.mariadb,
        environment: {},
        entrypoint: ['sh', '-c', 'MARIADB_ROOT_PASSWORD=secret exec docker-entrypoint.sh'],
        volumes: [volume('locked', '/var/lib/mysql')],
      },
    };
    const options = await begin(t, services, { none: {}, silent: {}, locked: {} });
    const { unseeded, tables } = await seedVolumes({ ...options, acceptMs: 8_000, token: 'abc' });
    t.same(tables, []);
    t.match(unseeded, [
      { what: 'database locked (mysql)', why: /^its client failed \(ERROR .*(Access denied|Can't connect)/ },
      {
        what: 'database none (mysql)',
        why: 'its client failed (there is no mariadb or mysql in its container)',
      },
      {
        what: 'database silent (postgres)',
        why: /^its client failed \(psql: error: .*No such file or directory/,
      },
    ]);
  },
);

t.test('hooks: the end of the container, the time limit and output without end are told apart', async (t) => {
  const services = {
    app: web(1, { init: true, command: ['sleep', '1000'], volumes: [volume('data', '/data')] }),
  };
  const options = await begin(t, services, { data: {} });
  const lines: string[] = [];
  const run = async (command: string, timeoutMs: number) => {
    const hook = { service: 'app', when: 'backup.pre', command } as const;
    const onLine = (_: string, line: string) => lines.push(line);
    return hookFailure(await runHooks([hook], { ...options, timeoutMs, onLine }));
  };
  t.equal(
    await run('yes working', 10_000),
    'the backup.pre-hook of app failed (it was not done within 10 s: "working"); it runs: yes working',
  );
  t.ok(lines.length <= 201, `${lines.length} lines are shown`);
  t.match(lines[0], /^… \d+ lines before are left out$/);
  t.equal(
    await run('seq 300000; exit 4', 60_000),
    'the backup.pre-hook of app failed (exit 4: "300000"); it runs: seq 300000; exit 4',
  );
  t.match(
    await run('echo dumping; kill -KILL 1; kill -TERM 1; sleep 30', 60_000),
    /^the backup.pre-hook of app failed \(its container ended meanwhile/,
  );
});

async function begin(
  t: Test,
  services: Record<string, Record<string, unknown>>,
  volumes: Record<string, object>,
): Promise<SeedOptions> {
  const lab = labRun(t, engine);
  const { signal, stack, labels } = lab;
  await lab.deploy(services, { volumes });
  const compose = { services, volumes } as unknown as Stack;
  const spec = readBackupLabels(compose, stack);
  const options = { engine, stack, spec, compose, image: 'lab.invalid/web:1', labels, signal };
  for (const service of Object.keys(services)) await untilStarted(options, service);
  return options;
}

/** Until a service has a container that runs, whatever is in it. */
async function untilStarted({ stack, signal }: SeedOptions, service: string): Promise<void> {
  const wakes = await openWakes(engine, { types: ['container'], isRelevant: () => true, signal });
  try {
    while ((await serviceContainers(engine, stack, service)).length === 0) await wakes.next(500);
  } finally {
    wakes.close();
  }
}

/** Until its first start is over: its server is the main process then. */
async function untilHealthy(options: SeedOptions, service: string): Promise<void> {
  const { runSql } = await import('@ccci/lib/backup/database-client.ts');
  t.same(await runSql({ service, kind: 'postgres' }, 'select 1', options), { error: null, output: '1\n' });
}
