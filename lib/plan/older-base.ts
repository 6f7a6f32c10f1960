import { exportCommit } from '../git/export.ts';
import type { Tag } from '../git/tags.ts';
import type { Base } from '../records/plan.ts';
import type { DiscoverOptions, Discovery } from './discover.ts';
import { publishedBelow } from './published.ts';

export type OlderQuestion = {
  /** Whether a version was green here in a full run. */
  readonly isGreen: (tag: Tag) => boolean;
  /** Folder to write it into. */
  readonly into: string;
  readonly rendersSame: NonNullable<DiscoverOptions['rendersSame']>;
  readonly signal: AbortSignal;
};

/**
 * The base in the place of one that cannot be installed: the last published version besides it that was green here and
 * renders another stack; null where there is none, and where the operator named the base (L38, stages.md).
 */
export async function takeGreenBase(
  discovery: Discovery,
  { isGreen, into, rendersSame, signal }: OlderQuestion,
): Promise<(Base & { readonly version: string }) | null> {
  const { plan, checkout, target, tree } = discovery;
  if (tree.settings.upgrade.from !== null) return null;
  const { dir, dirty, tags } = checkout;
  const question = { dir, head: checkout.ref, dirty, version: plan.version, tags, target, signal };
  for (const tag of await publishedBelow(question)) {
    if (tag.commit === plan.base?.ref || !isGreen(tag)) continue;
    await exportCommit({ from: dir, ref: tag.commit, into }, signal);
    if (await rendersSame(discovery.head, into, tree)) continue;
    return { ref: tag.commit, version: tag.name, why: 'the last published version that was green here' };
  }
  return null;
}
