import { nearest } from '../program/nearest.ts';
import { type StageName, stageNames } from '../records/common.ts';
import type { TriggerOptions } from '../records/trigger.ts';
import type { Command } from './grammar.ts';

/** Reads one trimmed line as a command; `none` where it is not even an attempt. */
export function readCommandLine(line: string, word: string): Command {
  if (line === '!cancel') return { kind: 'cancel' };
  if (line === '!help') return { kind: 'help' };
  const match = new RegExp(`^(${escapeForRegExp(word)})(?:\\s+(.*))?$`, 'iu').exec(line);
  if (match === null) return { kind: 'none' };
  const words = (match[2] ?? '').split(/\s+/).filter((part) => part !== '');
  const { options, problems, nearestForm } = readOptions(words);
  if (match[1] !== word) problems.unshift(`the word is written ${word}`);
  if (problems.length === 0) return { kind: 'trigger', options };
  return {
    kind: 'grammar',
    detail: `${problems.join('; ')}; the nearest valid form is ${[word, ...nearestForm].join(' ')}`,
  };
}

/** A text that stands for itself in a regular expression. */
export function escapeForRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

type Reading = {
  readonly options: { quick?: boolean; stages?: StageName[]; commit?: string };
  readonly problems: string[];
  /** The words of the nearest line that would have been understood. */
  readonly nearestForm: string[];
};

function readOptions(words: readonly string[]): Reading & { readonly options: TriggerOptions } {
  const reading: Reading = { options: {}, problems: [], nearestForm: [] };
  for (const word of words) readOption(word, reading);
  if (reading.options.quick && reading.options.stages) {
    reading.problems.push('--quick and --stages exclude each other');
    reading.nearestForm.splice(reading.nearestForm.indexOf('--quick'), 1);
  }
  return reading;
}

function readOption(word: string, reading: Reading): void {
  if (word === '--quick') put(reading, 'quick', true, word);
  else if (word.startsWith('--stages=')) readStages(word, reading);
  else if (/^[0-9a-f]{7,40}$/i.test(word)) put(reading, 'commit', word.toLowerCase(), word.toLowerCase());
  else notUnderstood(word, reading);
}

function notUnderstood(word: string, { options, problems, nearestForm }: Reading): void {
  problems.push(`${quote(word)} is not understood`);
  const meant = nearest(word.replaceAll(/[\u2010-\u2015]/g, '--').replaceAll('----', '--'), [
    '--quick',
    'quick',
  ]);
  if (meant !== undefined && !options.quick && !nearestForm.includes('--quick')) nearestForm.push('--quick');
}

function readStages(word: string, reading: Reading): void {
  const names = word
    .slice('--stages='.length)
    .split(',')
    .filter((name) => name !== '');
  const known = names.filter(isStageName);
  const unknown = names.filter((name) => !isStageName(name));
  if (names.length === 0) reading.problems.push('--stages= needs names of stages');
  for (const name of unknown) reading.problems.push(`${quote(name)} is not a stage`);
  const meant = unknown.flatMap((name) => (nearest(name, stageNames) as StageName | undefined) ?? []);
  const stages = [...new Set([...known, ...meant])];
  if (stages.length > 0) put(reading, 'stages', stages, `--stages=${stages.join(',')}`);
}

function put<Name extends keyof Reading['options']>(
  { options, problems, nearestForm }: Reading,
  name: Name,
  value: Reading['options'][Name],
  form: string,
): void {
  if (options[name] !== undefined) {
    problems.push(`${name === 'commit' ? 'a commit' : `--${name}`} is given twice`);
    return;
  }
  options[name] = value;
  nearestForm.push(form);
}

function isStageName(name: string): name is StageName {
  return (stageNames as readonly string[]).includes(name);
}

/** Foreign words in a sentence: short, on one line. */
function quote(word: string): string {
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}…` : word);
}
