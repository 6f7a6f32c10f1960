export type Layer = {
  /** Name of the folder in `repo/`. */
  readonly folder: string;
  readonly branch: 'main' | 'pr';
  /** The version that is tagged; undefined without a tag. */
  readonly tag?: string | undefined;
};

/** Sorts the folders of a `repo/` into commits: by number, `pr` last. A name of no known form is an error. */
export function layersOf(folders: readonly string[], source: string): Layer[] {
  const layers = folders.map((folder) => ({ order: orderOf(folder), ...parse(folder, source) }));
  layers.sort((a, b) => a.order - b.order);
  if (layers[0]?.branch !== 'main')
    throw new Error(`${source}: no folder like 1-1.0.0+1.0 or 1-main to begin with`);
  return layers.map(({ order: _, ...layer }) => layer);
}

function orderOf(folder: string): number {
  return folder === 'pr' ? Number.POSITIVE_INFINITY : Number.parseInt(folder, 10);
}

function parse(folder: string, source: string): Layer {
  if (folder === 'pr') return { folder, branch: 'pr' };
  const name = /^\d+-(main|\d+\.\d+\.\d+\S*)$/.exec(folder)?.[1];
  if (name === undefined) {
    throw new Error(`${source}/${folder}: expected <n>-<version> (1-1.0.0+1.0), <n>-main or pr`);
  }
  return { folder, branch: 'main', tag: name === 'main' ? undefined : name };
}
