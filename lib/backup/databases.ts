import { type Service, type Stack, services } from '../recipe/compose.ts';
import { execInContainer } from '../swarm/exec.ts';
import { serviceContainers } from '../swarm/tasks.ts';
import type { DatabaseOptions } from './database-client.ts';

export type DatabaseKind = 'postgres' | 'mysql';

export type Database = {
  readonly service: string;
  readonly kind: DatabaseKind;
  /** The volumes with its own files (keys in compose): no file of ours goes there. */
  readonly volumes: readonly string[];
};

const signs: readonly {
  readonly kind: DatabaseKind;
  readonly image: RegExp;
  readonly folder: RegExp;
  readonly variable: RegExp;
  /** Names of the server's process. */
  readonly server: RegExp;
}[] = [
  {
    kind: 'postgres',
    image: /^(?:postgres|postgresql|pgvector|postgis|timescaledb|pgautoupgrade|pgvecto-rs|pg)$/,
    folder: /^(?:\/var\/lib\/postgresql|\/bitnami\/postgresql)(?:\/|$)/,
    variable: /^POSTGRES_INITDB_ARGS$/,
    server: /^postgres$/,
  },
  {
    kind: 'mysql',
    image: /^(?:mariadb|mysql|mysql-server|percona|percona-server|maria)$/,
    folder: /^(?:\/var\/lib\/mysql|\/bitnami\/(?:mariadb|mysql))(?:\/|$)/,
    variable: /^(?:MYSQL|MARIADB)_ROOT_PASSWORD(?:_FILE)?$/,
    server: /^(?:mariadbd|mysqld)$/,
  },
];

const lookMs = 20_000;

/** PostgreSQL, MariaDB and MySQL services of a stack: by image, by data folder, by a variable that only a server reads. Pure. */
export function findDatabases(stack: Stack): Database[] {
  return services(stack).flatMap(([service, definition]) => {
    const sign = signOf(definition);
    return sign === undefined
      ? []
      : [{ service, kind: sign.kind, volumes: ownVolumes(definition, sign.folder) }];
  });
}

/** The same, and services that only show what they are when they run: the server's process, with its client beside it. */
export async function findRunningDatabases(stack: Stack, options: DatabaseOptions): Promise<Database[]> {
  const known = findDatabases(stack);
  const others = services(stack).filter(
    ([name, { volumes = [] }]) =>
      known.every(({ service }) => service !== name) && volumes.some(({ type }) => type === 'volume'),
  );
  const found = await Promise.all(
    others.map(async ([service, definition]): Promise<Database[]> => {
      const names = await serversIn(service, options);
      const sign = signs.find(({ server }) => names.some((name) => server.test(name)));
      return sign === undefined
        ? []
        : [{ service, kind: sign.kind, volumes: ownVolumes(definition, sign.folder) }];
    }),
  );
  return [...known, ...found.flat()];
}

/** Names of the main process, or of those below an init, where the container has a client; empty where it has no shell, too. */
async function serversIn(service: string, { engine, stack, signal }: DatabaseOptions): Promise<string[]> {
  const [task] = await serviceContainers(engine, stack, service);
  if (task === undefined) return [];
  const { exitCode, stdout } = await execInContainer(engine, task.container, ['sh', '-c', listMain], {
    timeoutMs: lookMs,
    signal,
  });
  return exitCode === 0 ? stdout.split('\n').filter((name) => name !== '') : [];
}

/** An application that brings a database along has other main processes, and is no database service. */
const listMain = `command -v psql || command -v mariadb || command -v mysql || exit 1
m=$(cat /proc/1/comm) || exit 1
echo "$m"
case $m in tini | docker-init | dumb-init | catatonit) ;; *) exit 0 ;; esac
for s in /proc/[0-9]*/status; do
  while read -r key value _; do
    case $key in Name:) n=$value ;; PPid:) [ "$value" != 1 ] || echo "$n"; break ;; esac
  done <"$s"
done 2>/dev/null
exit 0`;

/** Where a data folder is mounted; of a service that is known by other signs alone, all volumes. */
function ownVolumes({ volumes = [] }: Service, folder: RegExp): string[] {
  const mounts = volumes.flatMap(({ type, source, target }) =>
    type === 'volume' && source ? [{ source, target }] : [],
  );
  const own = mounts.filter(({ target }) => folder.test(target));
  return (own.length > 0 ? own : mounts).map(({ source }) => source);
}

function signOf({ image = '', environment = {}, volumes = [] }: Service): (typeof signs)[number] | undefined {
  const name = (image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[0] ?? '';
  return signs.find(
    (sign) =>
      sign.image.test(name) ||
      volumes.some(({ target }) => sign.folder.test(target)) ||
      Object.keys(environment).some((variable) => sign.variable.test(variable)),
  );
}
