import type { Fields, NamedStatus } from './brief.ts';
import type { Status, Verdict } from './common.ts';

type Said = { readonly verdict: Verdict | null; readonly reason: string | null };

/**
 * Verdict and reason of a run of the replaced system, whose files had neither: as far as its stages tell, and never
 * more. Pure.
 */
export function olderFacts(content: Fields, said: Said): Said {
  if (said.verdict !== null) return said;
  const stages = olderStages(content);
  const failed = stages.filter(({ name, status }) => name !== 'lint' && status === 'fail');
  const missing = stages.filter(({ name, status }) => name !== 'lint' && status === 'unver');
  const hasInstalled = stages.some(({ name, status }) => name === 'install' && status === 'pass');
  if (failed.length > 0) return { verdict: 'red', reason: said.reason ?? failed.map(failure).join('; ') };
  if (!hasInstalled) return said;
  if (missing.length === 0) return { verdict: 'green', reason: said.reason };
  const reason = `${missing.map(({ name }) => name).join(', ')} did not run`;
  return { verdict: 'incomplete', reason: said.reason ?? reason };
}

/** Stages of a run of the replaced system: its rows, and what its `results` say of stages that have no row (L33). */
export function olderStages({ stages, results }: Fields): readonly NamedStatus[] {
  const rows = Array.isArray(stages) ? stages.flatMap(rowOf) : [];
  const named = new Set(rows.map(({ name }) => name));
  const others = Object.entries(typeof results === 'object' && results !== null ? results : {})
    .filter(([name]) => !named.has(name))
    .map(([name, status]) => ({ name, status: statusOf(status), summary: null }));
  return [...rows, ...others];
}

function rowOf(row: unknown): NamedStatus[] {
  const { name, status, summary } = (row ?? {}) as Fields;
  if (typeof name !== 'string') return [];
  return [{ name, status: statusOf(status), summary: typeof summary === 'string' ? summary : null }];
}

const words: Readonly<Record<string, Status>> = {
  pass: 'pass',
  passed: 'pass',
  fail: 'fail',
  failed: 'fail',
  error: 'fail',
  skip: 'skip',
  skipped: 'skip',
  na: 'skip',
};

/** What is not known to have passed did not run. */
function statusOf(status: unknown): Status {
  const word = String(status).toLowerCase();
  return Object.hasOwn(words, word) ? (words[word] as Status) : 'unver';
}

function failure({ name, summary }: NamedStatus): string {
  return `${name} failed${summary === null || summary === '' ? '' : `: ${summary}`}`;
}
