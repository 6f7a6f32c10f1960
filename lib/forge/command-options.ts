import { nearest } from '../program/nearest.ts';
import { type StageName, stageNames } from '../records/common.ts';
import type { TriggerOptions } from '../records/trigger.ts';
import { whyNoCommit } from './commit-words.ts';
import { plainForm, quoteWord, wordLimit } from './plain-form.ts';

export type OptionsRead = {
  readonly options: TriggerOptions;
  /** What is wrong, in words; none when the options are valid. */
  readonly problems: readonly string[];
  /** The words of the nearest options that are valid. */
  readonly form: readonly string[];
};

/** Most words that are looked at; the others are one more problem. */
const wordsLimit = 30;

/** Reads what follows the word: `--quick`, `--stages=a,b`, a commit of 7 to 40 hexadecimal digits, in any order. */
export function readOptions(words: readonly string[]): OptionsRead {
  const reading: Reading = { options: {}, meant: {}, problems: [] };
  for (const word of words.slice(0, wordsLimit)) readOption(word, reading);
  if (words.length > wordsLimit) reading.problems.push(`${words.length - wordsLimit} more words`);
  const { options, meant, problems } = reading;
  if (options.quick && options.stages) problems.push('--quick and --stages exclude each other');
  return { options, problems, form: formOf(meant) };
}

type Options = { quick?: boolean; stages?: StageName[]; commit?: string };

type Reading = {
  readonly options: Options;
  /** The options with what was probably meant by the words that are none. */
  readonly meant: Options;
  readonly problems: string[];
};

function readOption(word: string, reading: Reading): void {
  if (word.length > wordLimit) reading.problems.push(`${quoteWord(word)} is not understood`);
  else if (word === '--quick') put(reading, 'quick', true);
  else if (word.startsWith('--stages=')) readStages(word.slice('--stages='.length), reading);
  else if (isCommit(word)) put(reading, 'commit', word.toLowerCase());
  else notUnderstood(word, reading);
}

function put<Name extends keyof Options>(reading: Reading, name: Name, value: Options[Name]): void {
  const { options, meant, problems } = reading;
  if (options[name] === undefined) options[name] = value;
  else problems.push(`${name === 'commit' ? 'a commit' : `--${name}`} is given twice`);
  meant[name] ??= value;
}

function readStages(value: string, reading: Reading): void {
  const names = value.split(',').filter((name) => name !== '');
  const known = names.filter(isStageName);
  const unknown = names.filter((name) => !isStageName(name));
  if (names.length === 0) reading.problems.push('--stages= needs names of stages');
  for (const name of unknown) reading.problems.push(`${quoteWord(name)} is not a stage`);
  if (known.length > 0) put(reading, 'stages', [...new Set(known)]);
  for (const name of unknown) meanStage(name, reading.meant);
}

function notUnderstood(word: string, { meant, problems }: Reading): void {
  const plain = plainForm(word);
  const isOrdinary = plain === word;
  const why = isOrdinary
    ? (whyNoCommit(word) ?? 'is not understood')
    : 'holds characters that cannot be seen or are not the ordinary ones';
  problems.push(`${quoteWord(word)} ${why}`);
  mean(plain, meant);
}

/** What a word that is no option was probably meant to be: dashes of all kinds, quotes, `:` for `=`, no dashes. */
function mean(word: string, meant: Options): void {
  const bare = word.replaceAll(/^[\p{Pd}\p{Pi}\p{Ps}"'`<\u2212]+|[\p{Pf}\p{Pe}"'`>.,;:!?]+$/gu, '');
  const [name = '', value = ''] = bare.split(/[=:](.*)/su);
  const option = nearest(name.toLowerCase(), ['quick', 'stages']);
  if (isCommit(bare)) meant.commit ??= bare.toLowerCase();
  else if (isStageName(bare.toLowerCase())) meanStage(bare, meant);
  else if (option === 'quick') meant.quick ??= true;
  else if (option === 'stages') for (const stage of value.split(',')) meanStage(stage, meant);
}

function meanStage(name: string, meant: Options): void {
  const stage = nearest(plainForm(name).toLowerCase(), stageNames) as StageName | undefined;
  if (stage !== undefined) meant.stages = [...new Set([...(meant.stages ?? []), stage])];
}

/** Which stages says more than that it is to be quick; both exclude each other. */
function formOf({ quick, stages, commit }: Options): readonly string[] {
  const scope = stages !== undefined ? [`--stages=${stages.join(',')}`] : quick ? ['--quick'] : [];
  return commit === undefined ? scope : [...scope, commit];
}

function isCommit(word: string): boolean {
  return /^[0-9a-f]{7,40}$/i.test(word);
}

function isStageName(name: string): name is StageName {
  return (stageNames as readonly string[]).includes(name);
}
