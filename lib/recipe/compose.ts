import { parse, stringify } from 'yaml';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';

export type Labels = Readonly<Record<string, string>>;

export type Mount = {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly [key: string]: unknown;
};

export type FileReference = {
  readonly source: string;
  readonly target?: string;
  readonly [key: string]: unknown;
};

export type Deploy = {
  readonly labels?: Labels;
  readonly replicas?: number;
  readonly [key: string]: unknown;
};

export type Service = {
  readonly image?: string;
  readonly deploy?: Deploy;
  readonly labels?: Labels;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly Mount[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly configs?: readonly FileReference[];
  readonly secrets?: readonly FileReference[];
  readonly ports?: readonly Readonly<Record<string, unknown>>[];
  readonly healthcheck?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
};

/** A volume, network, config or secret at the top of the file. */
export type StackObject = {
  readonly name?: string;
  readonly external?: boolean;
  readonly labels?: Labels;
  /** Configs and secrets; an absolute path in what `docker stack config` prints. */
  readonly file?: string;
  readonly template_driver?: string;
  readonly [key: string]: unknown;
};

export type StackObjects = Readonly<Record<string, StackObject | null>>;

/** What `docker stack config` prints: maps instead of lists, long forms, interpolated, absolute paths. */
export type Stack = {
  readonly version?: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: StackObjects;
  readonly networks?: StackObjects;
  readonly configs?: StackObjects;
  readonly secrets?: StackObjects;
  readonly [key: string]: unknown;
};

export const objectKinds = ['volumes', 'networks', 'configs', 'secrets'] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** Longest rendered text, in characters; the largest recipes have a fiftieth of it. */
const longestStack = 2 * 1024 ** 2;

/** Reads what `docker stack config` printed. @throws Failure `bad-stack` when it is no map with services, or too long. */
export function parseStack(text: string): Stack {
  if (text.length > longestStack) {
    const message = `rendered stack: ${text.length} characters, at most ${longestStack} are expected`;
    throw new Failure(exitStatus.badInput, 'bad-stack', message);
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const words = messageOf(error).split('\n')[0] ?? '';
    const what = /call stack/i.test(words) ? 'it is nested too deep to be read' : words;
    throw new Failure(exitStatus.badInput, 'bad-stack', `rendered stack: ${what}`, { cause: error });
  }
  const services = isMap(value) ? value.services : undefined;
  if (!isMap(services) || !Object.values(services).every(isMap)) {
    throw new Failure(
      exitStatus.badInput,
      'bad-stack',
      'rendered stack: a map with the key "services" is expected',
      {
        hint: 'compose.yml must define at least one service',
      },
    );
  }
  return value as Stack;
}

/**
 * The text that `docker stack deploy -c -` reads back as exactly this stack.
 *
 * `docker stack config` prints `$$` as `$`, and deploying interpolates again: every `$` is doubled here, or a
 * healthcheck's `$(cat /run/secrets/pw)` would fail and a `$HOME` would become ours. Strings are quoted, since the
 * client's YAML takes a plain `yes` or `0o17` for something else.
 */
export function printStack(stack: Stack): string {
  const escaped = Object.fromEntries(
    Object.entries(stack).map(([key, value]) => [key, interpolated.has(key) ? escapeDollars(value) : value]),
  );
  return stringify(escaped, {
    aliasDuplicateObjects: false,
    defaultKeyType: 'QUOTE_DOUBLE',
    defaultStringType: 'QUOTE_DOUBLE',
    lineWidth: 0,
  });
}

/** The files that `COMPOSE_FILE` names, in order, each once; `compose.yml` where it is unset. */
export function composeFiles(env: Readonly<Record<string, string | undefined>>): string[] {
  const files = (env.COMPOSE_FILE ?? '')
    .split(':')
    .map((file) => file.trim())
    .filter((file) => file !== '');
  return files.length === 0 ? ['compose.yml'] : [...new Set(files)];
}

/** Names and services, ordered by name. */
export function services(stack: Stack): [string, Service][] {
  return Object.entries(stack.services).sort(([a], [b]) => byCodeUnit(a, b));
}

/** Labels of a service on the swarm (`deploy.labels`): what Traefik, the backup bot and abra read. */
export function serviceLabels(service: Service | undefined): Labels {
  return service?.deploy?.labels ?? {};
}

/** Name on the swarm of a volume, network, config or secret: its own, else `<stack>_<key>`. */
export function objectName(stackName: string, key: string, object: StackObject | null | undefined): string {
  return object?.name ?? (object?.external === true ? key : `${stackName}_${key}`);
}

/** Comparison for `sort`, the same everywhere. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a value of YAML is a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The only sections in which the client interpolates, and there only values. */
const interpolated = new Set<string>(['services', ...objectKinds]);

function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escapeDollars(inner)]));
}
