import { type Status, type Verdict, verdictSchema } from './common.ts';
import { olderFacts } from './older-results.ts';

/** What lists show of a run that is over, from its `results.json` of any schema; null where the file does not say. */
export type Brief = {
  readonly run: string;
  /** True for a run of the replaced system (schema 1 and 2), whose verdict follows from what its stages came to. */
  readonly isOlder: boolean;
  readonly kind: string | null;
  readonly scope: 'full' | 'partial';
  readonly recipe: string;
  readonly version: string | null;
  readonly pr: string | null;
  readonly ref: string | null;
  /** Epoch seconds, with fraction. */
  readonly started: number | null;
  readonly finished: number | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly level: number | null;
  readonly hasScreenshot: boolean;
};

/** Stage or rung, as the file calls it, and what it came to. */
export type NamedStatus = { readonly name: string; readonly status: Status; readonly summary: string | null };

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what lists need of the content of a `results.json`; null where it is not about this run, or of no shape that is
 * known here. Cheaper than the whole schema, which would be felt with a thousand runs. Pure.
 */
export function briefOf(content: unknown, run: string): Brief | null {
  if (!isFields(content) || String(content.run_id ?? run) !== run) return null;
  const { schema, scope, recipe } = content;
  if (typeof recipe !== 'string' || recipe === '') return null;
  const isOlder = schema !== 3;
  if (isOlder && !isOfReplacedSystem(schema, run)) return null;
  const verdict = verdictSchema.safeParse(content.verdict).data ?? null;
  if (!isOlder && (verdict === null || (scope !== 'full' && scope !== 'partial'))) return null;
  const said = { verdict, reason: textOf(content.reason) };
  return {
    run,
    isOlder,
    kind: textOf(content.kind),
    scope: scope === 'partial' ? scope : 'full',
    recipe,
    version: textOf(content.version),
    pr: textOf(content.pr),
    ref: textOf(content.ref),
    started: secondsOf(content.started),
    finished: secondsOf(content.finished),
    ...(isOlder ? olderFacts(content, said) : said),
    level: levelOf(content.level),
    hasScreenshot: textOf(content.screenshot) !== null,
  };
}

/** Decimal names, schema 1 and 2; the first files did not say theirs (stages.md, Directory of a run). */
function isOfReplacedSystem(schema: unknown, run: string): boolean {
  return [undefined, 1, 2].includes(schema as number | undefined) && /^\d{1,20}$/.test(run);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** What a calendar can name; anything else would break the page of all runs. */
function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || Number.isNaN(new Date(seconds * 1000).getTime())) return null;
  return seconds > 0 ? seconds : null;
}

function levelOf(value: unknown): number | null {
  const level = typeof value === 'string' && value !== '' ? Number(value) : value;
  return Number.isInteger(level) && Number(level) >= 0 && Number(level) <= 5 ? Number(level) : null;
}
