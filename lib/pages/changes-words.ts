import type { Changes } from '../records/changes.ts';

/** One thing that changes, in words; `isLoss`: data is left behind, which nobody may overlook. */
export type ChangeLine = { readonly words: string; readonly isLoss: boolean };

/** How a foreign name is written: as code in Markdown, as it is in text. */
export type NameStyle = (name: string) => string;

/** Most names that are told of one kind. */
const mostNames = 20;

/** What changes between base and commit, a line each, with what leaves data behind first; empty when nothing does. */
export function changeLines(changes: Changes, style: NameStyle): readonly ChangeLine[] {
  const { volumes, ports, variables, secrets, configs } = changes;
  const plain = [
    ...serviceLines(changes, style),
    ...told(['new volume', 'new volumes'], volumes.added, style),
    ...both('port', ports, style),
    ...both('variable', variables, style),
    ...both('secret', secrets, style),
    ...both('config', configs, style),
  ];
  return [...lossLines(changes, style), ...plain.map((words) => ({ words, isLoss: false }))];
}

function lossLines({ volumes }: Changes, style: NameStyle): ChangeLine[] {
  const renamed = volumes.renamed.map(({ from, to }) => {
    return `volume ${style(from)} becomes ${style(to)}: its data is left behind`;
  });
  const dropped = volumes.dropped.map((name) => `volume ${style(name)} is dropped: its data is left behind`);
  return [...renamed, ...dropped].map((words) => ({ words, isLoss: true }));
}

function serviceLines({ images, services }: Changes, style: NameStyle): string[] {
  const imageOf = (name: string) => images.find(({ service }) => service === name)?.to ?? null;
  const added = services.added.map((name) => {
    const image = imageOf(name);
    return `new service: ${style(name)}${image === null ? '' : ` (${style(image)})`}`;
  });
  const changed = images.flatMap(({ service, from, to }) =>
    from === null || to === null ? [] : [`image of ${style(service)}: ${style(from)} becomes ${style(to)}`],
  );
  return [...changed, ...added, ...told(['service gone', 'services gone'], services.removed, style)];
}

function both(what: string, { added, removed }: Changes['ports'], style: NameStyle): string[] {
  return [
    ...told([`new ${what}`, `new ${what}s`], added, style),
    ...told([`${what} gone`, `${what}s gone`], removed, style),
  ];
}

function told([one, many]: readonly [string, string], names: readonly string[], style: NameStyle): string[] {
  if (names.length === 0) return [];
  const more = names.length - mostNames;
  const shown = [...names.slice(0, mostNames).map(style), ...(more > 0 ? [`and ${more} more`] : [])];
  return [`${names.length === 1 ? one : many}: ${shown.join(', ')}`];
}
