import { databaseWay, restoreWays } from '@ccci/lib/backup/ways.ts';
import { readBackupLabels } from '@ccci/lib/recipe/backup-labels.ts';
import type { Stack } from '@ccci/lib/recipe/compose.ts';
import t from 'tap';

const service = (labels: Record<string, string>, ...volumes: string[]) => ({
  deploy: { labels },
  volumes: volumes.map((source) => ({ type: 'volume', source, target: `/${source}` })),
});

t.test('each volume has its own way: by hooks of a service that mounts it, else emptied', async (t) => {
  const services = {
    app: service({ 'backupbot.backup': 'true' }, 'uploads', 'shared'),
    db: service({ 'backupbot.restore.post-hook': 'load' }, 'db', 'shared'),
    cache: service({ 'backupbot.backup.volumes.cache': 'false' }, 'cache'),
  };
  const spec = readBackupLabels({ services } as unknown as Stack, 'st');
  t.same(
    [...restoreWays(spec)],
    [
      ['cache', 'none'],
      ['db', 'hooks'],
      ['shared', 'hooks'],
      ['uploads', 'emptied'],
    ],
  );
  t.equal(databaseWay(spec, { service: 'db', volumes: ['db'] }), 'hooks');
  t.equal(databaseWay(spec, { service: 'other', volumes: ['uploads'] }), 'emptied');
  t.equal(databaseWay(spec, { service: 'other', volumes: ['cache'] }), 'none');
});
