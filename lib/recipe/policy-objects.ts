import { isMap, type StackObject } from './compose.ts';
import { type Finding, type PolicyContext, unknownKeys } from './policy-finding.ts';
import { judgeLabels } from './policy-labels.ts';

/** A volume: of this stack, of the local driver, without options. */
export function* judgeVolume(key: string, volume: StackObject, context: PolicyContext): Generator<Finding> {
  const path = `volume.${key}`;
  const { driver, driver_opts, ...rest } = volume;
  yield* unknownKeys(path, rest, ['name', 'labels'], {
    external: 'a volume of another stack could be read or destroyed',
  });
  if (driver !== undefined && driver !== 'local') {
    yield {
      path: `${path}.driver`,
      value: driver,
      rule: 'volume plugins are not permitted, only the driver local',
    };
  }
  if (driver_opts !== undefined && Object.keys(driver_opts as object).length > 0) {
    yield {
      path: `${path}.driver_opts`,
      value: driver_opts,
      rule: 'options of a volume can mount the host or a share',
    };
  }
  if (volume.external !== true) yield* ownName(path, volume, context);
  yield* judgeLabels(`${path}.labels`, volume.labels, context);
}

/** A network: of this stack, an overlay without options; or the proxy's, which the run replaces by its own. */
export function* judgeNetwork(key: string, network: StackObject, context: PolicyContext): Generator<Finding> {
  const path = `network.${key}`;
  if (network.external === true) {
    const name = network.name ?? key;
    if (name !== 'proxy' && name !== context.network) {
      yield {
        path: `${path}.external`,
        value: name,
        rule: 'only the network proxy may come from outside the stack',
      };
    }
    return;
  }
  const { driver, driver_opts, external: _false, ...rest } = network;
  yield* unknownKeys(path, rest, ['name', 'labels', 'attachable', 'internal'], {
    ipam: 'addresses of its own can cover those of other networks',
  });
  if (driver !== undefined && driver !== 'overlay') {
    yield { path: `${path}.driver`, value: driver, rule: 'only the driver overlay is permitted' };
  }
  for (const [option, value] of Object.entries((driver_opts as object | undefined) ?? {})) {
    if (option === 'encrypted') continue;
    yield { path: `${path}.driver_opts.${option}`, value, rule: 'options of a network reach into the host' };
  }
  yield* ownName(path, network, context);
  yield* judgeLabels(`${path}.labels`, network.labels, context);
}

/** A config or secret: of this stack by its name, from a file of the checkout or made for the run. */
export function* judgeConfigOrSecret(
  path: string,
  object: StackObject,
  context: PolicyContext,
): Generator<Finding> {
  const { external: isExternal, template_driver, ...rest } = object;
  yield* unknownKeys(path, rest, ['name', 'file', 'labels'], { driver: 'secret plugins are not permitted' });
  if (template_driver !== undefined && template_driver !== 'golang') {
    yield {
      path: `${path}.template_driver`,
      value: template_driver,
      rule: 'only the template driver golang is known',
    };
  }
  if (object.name !== undefined || isExternal === true) yield* ownName(path, object, context);
  if (object.file !== undefined && !liesInside(object.file, context.folders)) {
    yield { path: `${path}.file`, value: object.file, rule: 'the file lies outside the checkout' };
  }
  yield* judgeLabels(`${path}.labels`, object.labels, context);
}

/** A path may not climb or lie outside of the folders. */
export function liesInside(file: string, folders: readonly string[] | undefined): boolean {
  if (file.split('/').includes('..')) return false;
  return folders === undefined || folders.some((folder) => file.startsWith(`${folder.replace(/\/+$/, '')}/`));
}

function* ownName(path: string, object: StackObject, { stackName }: PolicyContext): Generator<Finding> {
  const { name } = object;
  if (name === undefined && !(isMap(object) && object.external === true)) return;
  if (name !== undefined && !/^[\w.-]+$/.test(name)) {
    yield { path: `${path}.name`, value: name, rule: 'a name may hold letters, digits, "_", "." and "-"' };
    return;
  }
  if (name?.startsWith(`${stackName}_`) === true) return;
  yield {
    path: `${path}.name`,
    value: name ?? '',
    rule: `the name must begin with "${stackName}_" (\${STACK_NAME}_): anything else belongs to others`,
  };
}
