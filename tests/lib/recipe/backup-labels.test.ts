import { readBackupLabels } from '@ccci/lib/recipe/backup-labels.ts';
import type { Labels, Service, Stack } from '@ccci/lib/recipe/compose.ts';
import t from 'tap';

const volume = (source: string, target: string, read_only = false) => ({
  type: 'volume',
  source,
  target,
  ...(read_only ? { read_only } : {}),
});
const service = (labels: Labels, ...volumes: Service['volumes'] & object): Service => ({
  deploy: { labels },
  volumes,
});
const stackOf = (services: Record<string, Service>): Stack => ({
  services,
  volumes: { data: {}, db: { name: 'st_database' }, unused: {} },
});

t.test('version 2: all volumes but those left out, hooks on any service', async (t) => {
  const spec = readBackupLabels(
    stackOf({
      app: service(
        {
          'backupbot.backup': 'true',
          'backupbot.backup.volumes.data.path': '/content/, b',
          'backupbot.backup.volumes.cache': 'false',
        },
        volume('data', '/data'),
        volume('cache', '/cache'),
        { type: 'volume', target: '/anonymous' },
        { type: 'tmpfs', target: '/tmp' },
      ),
      db: service(
        {
          'backupbot.backup.pre-hook': 'pg_dump > /var/lib/dump',
          'backupbot.backup.post-hook': '',
          'backupbot.restore.post-hook': 'psql < /var/lib/dump',
        },
        volume('db', '/var/lib'),
      ),
    }),
    'st',
  );
  t.equal(spec.enabled, true);
  t.equal(spec.version, 2);
  t.same(spec.hooks, [
    { service: 'db', when: 'backup.pre', command: 'pg_dump > /var/lib/dump' },
    { service: 'db', when: 'restore.post', command: 'psql < /var/lib/dump' },
  ]);
  t.same(spec.volumes, [
    {
      name: 'cache',
      fullName: 'st_cache',
      service: 'app',
      mountPath: '/cache',
      users: ['app'],
      saved: false,
      paths: null,
    },
    {
      name: 'data',
      fullName: 'st_data',
      service: 'app',
      mountPath: '/data',
      users: ['app'],
      saved: true,
      paths: ['content', 'b'],
    },
    {
      name: 'db',
      fullName: 'st_database',
      service: 'db',
      mountPath: '/var/lib',
      users: ['db'],
      saved: true,
      paths: null,
    },
  ]);
  t.same(spec.warnings, []);
});

t.test('L41 version 1: a path outside all volumes is never saved', async (t) => {
  const spec = readBackupLabels(
    stackOf({
      db: service(
        { 'backupbot.backup': 'true', 'backupbot.backup.path': '/tmp/dump.sql, /var/lib/db/dumps' },
        volume('db', '/var/lib/db/'),
      ),
    }),
    'st',
  );
  t.equal(spec.version, 1);
  t.match(spec.volumes, [{ name: 'db', saved: true, paths: ['dumps'] }]);
  t.equal(spec.warnings.length, 1);
  t.match(spec.warnings[0], /db: backupbot\.backup\.path \/tmp\/dump\.sql is in no volume/);
});

t.test('version 1: the volume itself means all of it', async (t) => {
  const labels = { 'backupbot.backup': 'true', 'backupbot.backup.path': '/data' };
  const spec = readBackupLabels(stackOf({ app: service(labels, volume('data', '/data')) }), 'st');
  t.match(spec.volumes, [{ name: 'data', paths: null }]);
  t.same(spec.warnings, []);
});

t.test('a volume of several services is taken where it can be written, then by name', async (t) => {
  const enabled = { 'backupbot.backup': 'true' };
  const shared = readBackupLabels(
    stackOf({
      app: service(enabled, volume('data', '/ro', true)),
      z: service({}, volume('data', '/z')),
      m: service({}, volume('data', '/m')),
    }),
    'st',
  );
  t.match(shared.volumes, [{ service: 'm', mountPath: '/m' }]);
  t.equal(shared.volumes.length, 1);
});

t.test('what looks wrong is said', async (t) => {
  const enabled = { 'backupbot.backup': 'true' };
  const several = readBackupLabels(stackOf({ app: service(enabled), db: service(enabled) }), 'st');
  t.match(several.warnings, [/stands on app, db/]);
  t.equal(several.enabled, true);
  const off = readBackupLabels(stackOf({ app: service({ 'backupbot.backup.pre-hook': 'x' }) }), 'st');
  t.equal(off.enabled, false);
  t.match(off.warnings, [/no service has backupbot\.backup=true/]);
  const misspelt = readBackupLabels(
    stackOf({ app: service({ ...enabled, 'backupbot.backup.volumes.dta': 'false' }) }),
    'st',
  );
  t.match(misspelt.warnings, [/volumes\.dta names a volume/]);
  const climbing = readBackupLabels(
    stackOf({
      app: service({ ...enabled, 'backupbot.backup.volumes.data.path': '../other,a' }, volume('data', '/d')),
    }),
    'st',
  );
  t.match(climbing.warnings, [/leads out of the volume/]);
  t.match(climbing.volumes, [{ paths: ['a'] }]);
  const onContainer = readBackupLabels(stackOf({ app: { labels: enabled } }), 'st');
  t.match(onContainer.warnings, [/put them below deploy\.labels/]);
  const none = readBackupLabels(stackOf({ app: service({}) }), 'st');
  t.match(none, { enabled: false, version: null, hooks: [], volumes: [], warnings: [] });
});
