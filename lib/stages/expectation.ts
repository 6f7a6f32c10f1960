import type { Plan } from '../records/plan.ts';
import { openDurations } from '../runs/durations.ts';

/** How long the whole takes, said at its start: what shows the run must not ask other runs (records.md, rule 6). */
export async function expectation(
  { recipe, scope }: Pick<Plan, 'recipe' | 'scope'>,
  { runs }: { readonly runs: string },
): Promise<{ readonly expectedMs?: number }> {
  if (scope === 'partial') return {};
  const durations = openDurations(runs);
  await durations.refresh();
  const expected = durations.expect(recipe);
  return expected === null ? {} : { expectedMs: Math.round(expected.medianMs) };
}
