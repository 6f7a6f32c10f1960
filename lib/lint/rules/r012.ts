import { parseVersions } from '../../recipe/abra.ts';
import { type LintRule, unless } from '../facts.ts';

/** Swarm never changes a config: without a version in its name, a new content cannot be deployed. */
export const r012: LintRule = {
  id: 'R012',
  level: 'error',
  wants: 'configs are versioned in abra.sh',
  check: ({ stack, abra }) => {
    const versions = parseVersions(abra ?? '');
    const unversioned = Object.entries(stack.configs ?? {})
      .filter(([key, config]) => !isVersioned(key, config?.name, versions))
      .map(([key]) => key);
    return unless(unversioned, 'no version exported by abra.sh');
  },
};

/** By the variable in its name; in a rendered stack by the value that its name ends in; else by its key. */
function isVersioned(
  key: string,
  name: string | undefined,
  versions: Readonly<Record<string, string>>,
): boolean {
  const variables = [...(name ?? '').matchAll(/\$\{?(\w+_VERSION)/g)].map((match) => match[1] ?? '');
  if (variables.length > 0) return variables.some((variable) => Object.hasOwn(versions, variable));
  const own = versions[`${key.replaceAll(/[-.]/g, '_').toUpperCase()}_VERSION`];
  if (own !== undefined) return true;
  return Object.values(versions).some((version) => name?.endsWith(`_${version}`) === true);
}
