import { isDeepStrictEqual } from 'node:util';
import { type Service, type Stack, type StackObject, type StackObjects, services } from './compose.ts';

export type SameStackOptions = {
  /** Whether two files (paths as rendered) have the same content; by default those with the same file name. */
  readonly sameFile?: (a: string, b: string) => boolean;
};

/**
 * Whether two rendered stacks deploy the same thing: labels of version, chaos and ccci apart, as well as the folder
 * that configs come from, keys `x-…` and the schema's version. Says that an upgrade would be none (L37).
 */
export function sameStack(a: Stack, b: Stack, options: SameStackOptions = {}): boolean {
  const names = (stack: Stack) => services(stack).map(([name]) => name);
  if (!isDeepStrictEqual(names(a), names(b))) return false;
  if (changedServices(a, b, options).length > 0) return false;
  return (['volumes', 'networks', 'configs', 'secrets'] as const).every((kind) =>
    sameObjects(a[kind], b[kind], options),
  );
}

/** Services of both stacks whose definition, or that of an object they use, differs; same exceptions as `sameStack`. */
export function changedServices(a: Stack, b: Stack, options: SameStackOptions = {}): string[] {
  return services(b).flatMap(([name, service]) => {
    const before = a.services[name];
    return before === undefined || sameService(a, before, b, service, options) ? [] : [name];
  });
}

/** Labels that say which commit it is, and change with each. */
export function isVolatileLabel(label: string): boolean {
  return label.startsWith('ccci.') || /^coop-cloud\..+\.(version|chaos|chaos-version)$/.test(label);
}

function sameService(
  a: Stack,
  before: Service,
  b: Stack,
  after: Service,
  options: SameStackOptions,
): boolean {
  if (!isDeepStrictEqual(comparable(before), comparable(after))) return false;
  const uses = {
    configs: (after.configs ?? []).map(({ source }) => source),
    secrets: (after.secrets ?? []).map(({ source }) => source),
    volumes: (after.volumes ?? []).flatMap(({ source }) => source ?? []),
    networks: Object.keys(after.networks ?? {}),
  };
  return (['configs', 'secrets', 'volumes', 'networks'] as const).every((kind) =>
    uses[kind].every((key) => sameObject(a[kind]?.[key], b[kind]?.[key], options)),
  );
}

function sameObjects(a: StackObjects = {}, b: StackObjects = {}, options: SameStackOptions): boolean {
  const keys = Object.keys(a).sort();
  return (
    isDeepStrictEqual(keys, Object.keys(b).sort()) && keys.every((key) => sameObject(a[key], b[key], options))
  );
}

function sameObject(
  a: StackObject | null | undefined,
  b: StackObject | null | undefined,
  { sameFile = sameFileName }: SameStackOptions,
): boolean {
  const { file: fileA, ...restA } = a ?? {};
  const { file: fileB, ...restB } = b ?? {};
  if (!isDeepStrictEqual(withoutExtensions(restA), withoutExtensions(restB))) return false;
  return fileA === fileB || (fileA !== undefined && fileB !== undefined && sameFile(fileA, fileB));
}

function sameFileName(a: string, b: string): boolean {
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return nameOf(a) === nameOf(b);
}

/** `env_file` is inlined already; a label map that is empty and none are the same. */
function comparable({ env_file: _inlined, deploy, ...service }: Service): object {
  const { labels = {}, ...rest } = deploy ?? {};
  const kept = Object.fromEntries(Object.entries(labels).filter(([key]) => !isVolatileLabel(key)));
  return { ...withoutExtensions(service), deploy: { ...rest, labels: kept } };
}

function withoutExtensions(object: object): object {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => !key.startsWith('x-') && value !== undefined),
  );
}
