import { loadConfig } from '@ccci/lib/config/load.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { visible } from '@ccci/lib/program/visible.ts';
import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import { factsWords, unknownWords } from './explain-words.ts';
import { keysOf, readFacts, readSource } from './facts.ts';
import { type PullAddress, readSubject } from './subject.ts';

/**
 * Answers "why did nothing happen?" from the state directory alone: a record for each key on standard output, the
 * same in words on standard error. Reads only, also while another ccci-dedupe is at work.
 */
export async function runExplain(word: string, io: ProgramIo): Promise<void> {
  const config = await loadConfig({ section: 'dedupe', ...io });
  const subject = readSubject(word, config.forges);
  const where = { state: config.state, runs: config.runs, slots: config.stage.slots };
  const keys = subject.kind === 'key' ? [subject.key] : await keysOf(subject.pull, where);
  const stamping = { by: io.by, now: () => new Date() };
  const records: object[] = [];
  for (const key of keys) records.push(await explainKey(key, { ...where, pull: subject.pull, stamping }));
  if (subject.kind === 'pull' && keys.length === 0)
    records.push(await explainPull(subject.pull, { ...where, stamping }));
  for (const { says } of records as { says: readonly string[] }[]) {
    for (const words of says) io.progress(`${visible(words).replaceAll('\n', ' ')}\n`);
  }
  await io.output.records(each(records));
}

type Where = {
  readonly state: string;
  readonly runs: string;
  readonly slots: number;
  readonly stamping: Stamping;
};

async function explainKey(
  key: string,
  { pull, stamping, ...where }: Where & { readonly pull: PullAddress | null },
): Promise<object> {
  const facts = await readFacts(key, where);
  if (facts !== null) {
    return stamp({ type: 'explanation', isKnown: true, ...facts, says: factsWords(facts) }, stamping);
  }
  const source = await readSource(key, pull, where.state);
  const unseen = `${key} is not known here: nothing with this key was ever accepted.`;
  const says = [unseen, ...unknownWords(pull, source)];
  return stamp({ type: 'explanation', key, isKnown: false, ...source, says }, stamping);
}

async function explainPull(pull: PullAddress, { state, stamping }: Where): Promise<object> {
  const { forge, owner, name, number } = pull;
  const source = await readSource(null, pull, state);
  const says = [`No command on ${owner}/${name}#${number} is known here.`, ...unknownWords(pull, source)];
  return stamp(
    { type: 'explanation', isKnown: false, forge, owner, name, number, ...source, says },
    stamping,
  );
}

async function* each(records: readonly object[]): AsyncGenerator<object> {
  yield* records;
}
