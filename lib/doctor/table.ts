import { visible } from '../program/visible.ts';
import type { Check, CheckState } from './check.ts';

/** A sign and a word, so that neither colour nor the sign alone says it. */
const signs: Readonly<Record<CheckState, string>> = {
  ok: '✓ ok     ',
  partly: '? partly ',
  missing: '✗ missing',
};
const colours: Readonly<Record<CheckState, string>> = { ok: '32', partly: '33', missing: '31' };

/** The checks for people, with the cure below each that failed, and what it comes to. Pure. */
export function doctorTable(checks: readonly Check[], colour: boolean): string {
  return `${checks.map((check) => rowOf(check, colour)).join('')}\n${conclusion(checks)}\n`;
}

function rowOf({ name, state, found, affects, cures }: Check, colour: boolean): string {
  const sign = colour ? `\u001b[${colours[state]}m${signs[state]}\u001b[0m` : signs[state];
  const head = `${sign}  ${name.padEnd(13)}  ${oneLine(found)}`;
  const more = [...(affects === null ? [] : [`so ${affects}`]), ...cures.map((cure) => `cure: ${cure}`)];
  return [head, ...more.map((words) => `${' '.repeat(26)}${oneLine(words)}`)]
    .map((line) => `${line}\n`)
    .join('');
}

/** The worst of them: a full run, a part of it, or none. */
export function worst(checks: readonly Check[]): CheckState {
  const states = checks.map(({ state }) => state);
  return states.includes('missing') ? 'missing' : states.includes('partly') ? 'partly' : 'ok';
}

function conclusion(checks: readonly Check[]): string {
  const state = worst(checks);
  if (state === 'ok') return 'A full run is possible here. Next: ccci test DIR, with the folder of a recipe.';
  if (state === 'partly') return 'Runs are possible here, but not in full: what is marked ? is missing.';
  return 'Nothing can be tested here yet: mend what is marked ✗. ccci lint DIR needs no engine.';
}

function oneLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' '));
}
