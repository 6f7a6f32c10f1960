import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DiscoverOptions } from '../plan/discover.ts';
import type { Tree } from '../plan/tree.ts';
import { exitStatus, Failure } from '../program/failure.ts';
import { appEnvironment } from '../recipe/app-env.ts';
import { composeFiles, parseStack, type Stack } from '../recipe/compose.ts';
import { sameStack } from '../recipe/same-stack.ts';
import { renderStack } from '../swarm/render.ts';
import { pathInside, readInside, textInside } from './read-inside.ts';

/** The stack of a commit and the `.env` that it was rendered with. */
type Side = { readonly dir: string; readonly stack: Stack; readonly env: Readonly<Record<string, string>> };

/**
 * Says of two checked-out commits whether an upgrade from one to the other would change anything: both rendered as the
 * upgrade renders them, the commit with the `.env` of the base (L37). What cannot be rendered is for its own stage to
 * say, and counts as another stack here.
 */
export function makeRendersSame(
  recipe: string,
  signal: AbortSignal,
): NonNullable<DiscoverOptions['rendersSame']> {
  return async (headDir, baseDir, tree) => {
    try {
      const base = await renderSide({ dir: baseDir, recipe, tree, signal });
      const head = await renderSide({ dir: headDir, recipe, tree, signal, keep: base.env });
      const sameFile = await sameContent([base, head]);
      return isDeepStrictEqual(base.env, head.env) && sameStack(base.stack, head.stack, { sameFile });
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== exitStatus.badInput) throw error;
      return false;
    }
  };
}

type Rendering = {
  readonly dir: string;
  readonly recipe: string;
  readonly tree: Tree;
  readonly signal: AbortSignal;
  readonly keep?: Readonly<Record<string, string>>;
};

/** Any domain does, and no engine is asked: it is the same one for both. */
const domain = 'same.invalid';

async function renderSide({ dir, recipe, tree, signal, keep }: Rendering): Promise<Side> {
  const { env } = appEnvironment({
    sample: (await readInside(dir, '.env.sample')) ?? null,
    abra: (await readInside(dir, 'abra.sh')) ?? null,
    domain,
    recipe,
    overrides: keep === undefined ? tree.settings.env : tree.settings.upgrade.env,
    ...(keep === undefined ? {} : { keep }),
  });
  const own = await Promise.all(composeFiles(env).map(async (file) => (await textInside(dir, file)) ?? file));
  const overlays = tree.overlays.filter((overlay) => overlay.for === 'both');
  const files = [...own, ...overlays.map(({ file }) => join(tree.folder ?? '', file))];
  return { dir, env, stack: parseStack(await renderStack({ files, env, cwd: dir, signal })) };
}

/** Whether two files of the sides hold the same bytes; one that is not in its checkout holds nothing. */
async function sameContent(sides: readonly Side[]): Promise<(a: string, b: string) => boolean> {
  const contents = new Map<string, Buffer | null>();
  for (const { dir, stack } of sides) {
    const objects = [...Object.values(stack.configs ?? {}), ...Object.values(stack.secrets ?? {})];
    for (const file of objects.flatMap((object) => object?.file ?? [])) {
      const path = await pathInside(dir, relative(dir, file));
      contents.set(file, path === undefined ? null : await readFile(path));
    }
  }
  return (a, b) => isDeepStrictEqual(contents.get(a), contents.get(b));
}
