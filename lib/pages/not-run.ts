import type { Results } from '../records/results.ts';
import { listWords, stageWords } from '../results/stage-words.ts';

export type NotRun = {
  /** `install, upgrade and backup`. */
  readonly names: string;
  readonly what: 'not run' | 'not applicable';
  readonly reason: string;
};

/** What did not run and why; stages with the same reason are told together. */
export function notRun({ skips }: Pick<Results, 'skips'>): readonly NotRun[] {
  const missing = skips.unintentional.map(({ name, reason }) => ({ name, what: 'not run' as const, reason }));
  const declared = Object.entries(skips.intentional).map(([name, reason]) => {
    return { name, what: isLeftOut(reason) ? ('not run' as const) : ('not applicable' as const), reason };
  });
  const groups = new Map<string, { names: string[]; what: NotRun['what']; reason: string }>();
  for (const { name, what, reason } of [...missing, ...declared]) {
    const group = groups.get(`${what} ${reason}`) ?? { names: [], what, reason };
    group.names.push(stageWords(name));
    groups.set(`${what} ${reason}`, group);
  }
  return [...groups.values()].map((group) => ({ ...group, names: listWords(group.names) }));
}

/** Of a part nobody asked for the rest: that is no word about the recipe. */
export function isLeftOut(reason: string | null): boolean {
  return reason?.startsWith('left out by ') === true;
}
