import type { Status, Verdict } from '../records/common.ts';
import { type Results, rungNames } from '../records/results.ts';

// They stand alone, because the script of the pages takes them too, and brings no schemas into a browser.
export { duration, statusWords } from './short-words.ts';

/** What people call a rung: by the stages that it is made of. */
export const rungWords = {
  install: 'install',
  upgrade: 'upgrade',
  backup_restore: 'backup and restore',
  functional: 'custom tests',
  lint: 'lint',
} as const;

/** True where the verdict is about the recipe, and the level therefore means something. */
export function isAboutRecipe(verdict: Verdict): boolean {
  return verdict === 'green' || verdict === 'red' || verdict === 'incomplete';
}

/** The verdict in one sentence, without its full stop; of a part with what was left out. */
export function headline(results: HeadlineFacts): string {
  const { recipe, verdict, reason } = results;
  if (verdict === 'green') return `${recipe} passed${leftOut(results, ' what was asked for')}`;
  if (verdict === 'red') return `${recipe} did not pass: ${reason}${leftOut(results)}`;
  if (verdict === 'incomplete') return `${recipe} could not be judged: ${reason}`;
  if (verdict === 'infra') return `${recipe} could not be tested, and your change is not to blame: ${reason}`;
  // `cancelled by ana` says it already.
  const said = reason.startsWith(`${verdict} `) ? reason : `${verdict}: ${reason}`;
  return `The run of ${recipe} was ${said}`;
}

type HeadlineFacts = Pick<Results, 'recipe' | 'verdict' | 'reason'> &
  Partial<Pick<Results, 'scope' | 'rungs'>>;

function leftOut({ scope, rungs }: HeadlineFacts, before = ''): string {
  if (scope !== 'partial' || rungs === undefined) return '';
  const names = rungNames.filter((name) => rungs[name] === 'skip' || rungs[name] === 'unver');
  const words = names.map((name) => rungWords[name]);
  return words.length === 0 ? before : `${before}; not run: ${words.join(', ')}`;
}

/** `level 5 (3 of 5 exercised; not applicable: upgrade)`: the level and what stands behind it (stages.md, Level). */
export function levelWords({ level, exercised, rungs, scope, verdict }: LevelFacts): string {
  if (scope === 'partial') return 'no level: only a part was asked for';
  if (!isAboutRecipe(verdict) || level === null) return `no level (${exercised} of 5 exercised)`;
  const having = (status: Status) =>
    rungNames.filter((name) => rungs[name] === status).map((name) => rungWords[name]);
  const behind = [
    `${exercised} of 5 exercised`,
    ...told('not applicable', having('skip')),
    ...told('not run', having('unver')),
  ];
  return `level ${level} (${behind.join('; ')})`;
}

type LevelFacts = Pick<Results, 'level' | 'exercised' | 'rungs' | 'scope' | 'verdict'>;

function told(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
}

/** `2026-11-23 10:15 UTC` of epoch seconds. */
export function instant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** With a capital letter, as a sentence begins. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Cuts to so many characters, and shows that it was cut. */
export function shorten(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}

/** What `+U` behind a commit means, in words; nothing for a commit as it is. */
export function uncommitted(ref: string): string {
  return ref.endsWith('+U') ? ' with files that are not committed' : '';
}
