import { isNews, type Told, tellAbout } from './conversation.ts';
import type { Desk } from './desk.ts';
import type { Entry } from './entry.ts';
import { noteAll, type Shared } from './share.ts';

/** Each outcome that nobody was told yet is news of its own; last comes what the comment says at rest. */
export function tellings(entries: readonly Entry[]): Told[] {
  const rest = tellAbout(entries);
  const untold = rest.earlier.filter((entry) => isNews(entry) && !entry.answer.told && !entry.answer.final);
  const news = untold.map((entry) => ({
    ...rest,
    main: entry,
    earlier: rest.earlier.filter((one) => one !== entry),
    waiting: rest.main === null || rest.main.state === 'over' ? rest.waiting : [rest.main, ...rest.waiting],
  }));
  return [...news, rest];
}

/** Who is told something by this comment and by no other; the first holds it. */
export function tellersOf({ main, earlier, notices }: Told): readonly Entry[] {
  const others = [...notices].reverse().filter(({ answer }) => !answer.told);
  const quiet = earlier.filter((entry) => !isNews(entry) && !entry.answer.told);
  const holder = main ?? notices.at(-1);
  return [...new Set([...(holder === undefined ? [] : [holder]), ...others, ...quiet])];
}

/** What the lead was told, those who share its run were told with it. */
export async function tellMembers(groups: readonly Shared[], desk: Desk): Promise<void> {
  for (const shared of groups) {
    const { told, refused } = shared.lead.answer;
    if (shared.lead.state !== 'over') continue;
    const isGivenUp = refused.includes('comment');
    if (told) await noteAll(shared, desk, (answer) => (answer.told ? null : { told }));
    else if (isGivenUp) {
      await noteAll(shared, desk, (answer) =>
        answer.refused.includes('comment') ? null : { refused: [...answer.refused, 'comment'] },
      );
    }
  }
}

/** Of triggers that share a run only the lead, so that nothing is told twice. */
export function oneOfEach(entries: readonly Entry[], groups: readonly Shared[]): readonly Entry[] {
  const others = new Set(groups.flatMap(({ lead, members }) => members.filter((one) => one !== lead)));
  return entries.filter((entry) => !others.has(entry));
}
