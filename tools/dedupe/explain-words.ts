import { queueWords } from '@ccci/lib/pages/queue-words.ts';
import type { Facts, SourceFacts } from './facts.ts';
import type { PullAddress } from './subject.ts';

/** What became of a key, a sentence each; pure. */
export function factsWords(facts: Facts): string[] {
  return [seenWords(facts), judgedWords(facts), ...progressWords(facts), answerWords(facts)].filter(
    (words) => words !== '',
  );
}

/** Why something is not known, a sentence each; pure. */
export function unknownWords(pull: PullAddress | null, facts: SourceFacts): string[] {
  if (facts.isHandedIn)
    return ['It was handed in and is not taken yet: ccci-dedupe takes it as soon as it runs.'];
  if (pull === null) return ['A key is <forge>-<comment id>; the address of the comment tells more.'];
  if (facts.source !== null) return [...readWords(facts), ...healthWords(facts)];
  return [
    `${pull.owner}/${pull.name} is not enrolled, or ccci-poll has never finished a poll that covers it.`,
  ];
}

function seenWords({ key, record, acceptedAt }: Facts): string {
  const { owner, name, pr, comment, source, by } = record;
  const where =
    owner === undefined ? '' : ` on ${owner}/${name}${pr?.number === undefined ? '' : `#${pr.number}`}`;
  const what = comment === undefined ? '' : `: ${comment.author}'s comment of ${comment.created}${where}`;
  const how = `seen by ${source === undefined ? by : `${source} (${by})`} at ${record.at}`;
  return `${key}${what || where}; ${how}${acceptedAt === null ? '' : `, accepted at ${acceptedAt}`}.`;
}

function judgedWords({ record }: Facts): string {
  const { type } = record;
  if (type === 'cancel') return 'Judged as a cancel: what waits or runs for the pull request is to end.';
  if (type === 'drop') return `Judged as not to be run (${record.reason}): ${record.detail}.`;
  const { ref = '', options = {} } = record;
  const scope = options.quick
    ? 'a quick run'
    : options.stages
      ? `the stages ${options.stages.join(', ')}`
      : 'a full run';
  return `Judged as a trigger: ${scope} of commit ${ref.slice(0, 12)}.`;
}

function progressWords({ record, state, place, runs, keys, end, key }: Facts): string[] {
  if (record.type !== 'trigger') return [];
  const run = runs.at(-1);
  const others = keys.filter((one) => one !== key);
  const together = others.length === 0 ? '' : `, together with ${others.join(', ')}`;
  const before = runs.length > 1 ? ` It was begun ${runs.length} times: ${runs.join(', ')}.` : '';
  if (end?.type === 'drop') return [`Not run after all (${end.reason}): ${end.detail}.`];
  if (end !== null) return [`Run as ${end.run}${together}: ${outcomeWords(end)}.${before}`];
  if (state === 'waiting') return [`Waits${placeWords(place)}.${before}`];
  if (state === 'running') return [`Runs as ${run}${together}.${before}`];
  if (state === 'dead') {
    return [
      `Was begun as ${run}${together}, but who ran it is gone; the next ccci-stage takes it up.${before}`,
    ];
  }
  return [
    state === null
      ? 'Its queue file is gone: it was over, and was thinned out.'
      : 'It ended without an outcome.',
  ];
}

function placeWords(place: Facts['place']): string {
  if (place === null) return '';
  const behind = place.behind === null ? '' : `, behind ${place.behind}`;
  return `: ${queueWords(place)}${behind}`;
}

function outcomeWords({ verdict, level, reason }: NonNullable<Facts['end']>): string {
  return `${verdict}${level === null ? '' : `, level ${level}`}: ${reason}`;
}

function answerWords({ record, answer }: Facts): string {
  if (record.pr === undefined) return '';
  if (answer === null) return 'Nothing was posted for it yet.';
  const comments = (answer.comments ?? []) as readonly { readonly id: number | null }[];
  const statuses = (answer.statuses ?? []) as readonly { readonly state: string }[];
  const comment = comments.at(-1)?.id;
  const said = [
    ...(comment == null ? [] : [`comment ${comment}`]),
    ...(statuses.length === 0 ? [] : [`commit status ${statuses.at(-1)?.state}`]),
  ];
  const left = answer.final === true ? 'nothing is left to post' : 'more is to be posted';
  return `Posted: ${said.join(', ') || 'nothing that stands by itself'}; ${left}.`;
}

function readWords({ source, enrolledAt, readUntil }: SourceFacts): string[] {
  if (readUntil === null) return [`${source} was never read to its end.`];
  return [
    `${source} is enrolled since ${enrolledAt ?? 'the first poll'} and was read up to ${readUntil}.`,
    `A comment that is older than that and not known was no command: only a line of its own in a new comment counts, outside of quotes, code and links; edits, reviews and descriptions are not read.`,
  ];
}

function healthWords({ health }: SourceFacts): string[] {
  if (health === null || health.failures === 0) return [];
  const good = health.good === null ? 'never' : `last at ${health.good}`;
  return [
    `It cannot be read at the moment (${health.failures} failures, well ${good}): ${health.says ?? 'no reason was given'}.`,
  ];
}
