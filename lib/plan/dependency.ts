import { checkout } from '../git/checkout.ts';
import { listRemoteTags } from '../git/remote-tags.ts';
import type { Tag } from '../git/tags.ts';
import { codeOf, exitStatus, Failure } from '../program/failure.ts';
import { compareVersions, parseVersion } from '../recipe/versions.ts';
import { dependencySources, type Source, type SourceOptions } from './dependency-source.ts';
import type { Discovery } from './discover.ts';
import { readTree } from './tree.ts';

export type DependencyOptions = SourceOptions & {
  /** Folder to make for its checkout. */
  readonly into: string;
  readonly testsDir: string;
  readonly forgeUrls: readonly string[];
  readonly signal: AbortSignal;
};

/** What is known of a recipe that another one needs, with its own folder of the operator's tree of tests. */
export type Dependency = {
  readonly name: string;
  /** Newest published version: annotated tag (coopcloud.md). */
  readonly version: string;
  readonly ref: string;
  readonly discovery: Pick<Discovery, 'head' | 'settings' | 'testsFolder' | 'checkout' | 'tree'> & {
    readonly plan: Pick<Discovery['plan'], 'hooks' | 'overlays'>;
  };
};

/**
 * Checks the newest published version of a dependency out. `Failure` 65 where nothing is published, it cannot be found
 * or needs others itself; 69 where its repository cannot be reached.
 */
export async function findDependency(options: DependencyOptions): Promise<Dependency> {
  const { name, into, testsDir, forgeUrls, signal } = options;
  const tree = await readTree(testsDir, name, signal);
  if (tree.settings.needs.length > 0) {
    const message = `${name} needs ${tree.settings.needs.join(', ')} itself`;
    throw refused('needs-more', message, 'name all of them in needs of the recipe under test');
  }
  const { source, tags } = await findSource(options);
  const tag = newestPublished(tags);
  if (tag === null) {
    const message = `${source.repo} has no published version (annotated tag x.y.z+upstream)`;
    throw refused('not-published', message, 'publish one: git tag -a');
  }
  const { repo, allowLocal } = source;
  const checked = await checkout({ repo, ref: tag.commit, into, allowLocal, forgeUrls, signal });
  const { settings, folder, hooks, overlays } = tree;
  return {
    name,
    version: tag.name,
    ref: tag.commit,
    discovery: {
      plan: { hooks, overlays: overlays.filter((overlay) => overlay.for === 'both') },
      head: checked.dir,
      settings,
      testsFolder: folder,
      checkout: checked,
      tree,
    },
  };
}

/** The highest version among the annotated tags; null where none is published. Pure. */
export function newestPublished(tags: readonly Tag[]): Tag | null {
  const published = tags.flatMap((tag) => {
    const version = tag.annotated ? parseVersion(tag.name) : null;
    return version === null ? [] : [{ tag, version }];
  });
  return published.sort((a, b) => compareVersions(a.version, b.version)).at(-1)?.tag ?? null;
}

async function findSource(
  options: DependencyOptions,
): Promise<{ readonly source: Source; readonly tags: readonly Tag[] }> {
  const { forgeUrls, signal } = options;
  const sources = dependencySources(options);
  for (const source of sources) {
    try {
      const { repo, allowLocal } = source;
      return { source, tags: await listRemoteTags(repo, { allowLocal, forgeUrls, signal }) };
    } catch (error) {
      if (codeOf(error) !== 'repo-missing') throw error;
    }
  }
  const places = sources.map(({ repo }) => repo).join(', ');
  throw refused(
    'no-dependency',
    `the repository of ${options.name} is not there: ${places}`,
    `name it in the configuration: stage.dependencies.${options.name}`,
  );
}

function refused(code: string, message: string, hint: string): Failure {
  return new Failure(exitStatus.badInput, code, message, { hint });
}
