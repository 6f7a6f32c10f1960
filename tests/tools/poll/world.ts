import { connectForge } from '@ccci/lib/forge/gitea.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Cursors, Tick, Ticks } from '@ccci/lib/records/tick.ts';
import { type AnyRecord, isKnownType, recordTypes } from '@ccci/lib/records/types.ts';
import type { Work } from '@ccci/lib/state/work.ts';
import { type PollOptions, poll } from '../../../tools/poll/poll.ts';
import { sourcesOf } from '../../../tools/poll/sources.ts';
import { startWorld } from '../../support/forge/fixture.ts';

const quiet: Log = { info: () => {}, warning: () => {}, error: () => {} };

export type WorldOptions = {
  readonly allow?: readonly string[];
  readonly forks?: boolean;
  readonly organisations?: readonly string[];
  readonly repositories?: readonly string[];
  readonly retries?: number;
  /** Time limit of one request. */
  readonly requestMs?: number;
};

/** A real forge, a clock that the test moves, and a poll over it that keeps what dedupe would store. */
export async function startPolling(dir: string, given: WorldOptions = {}) {
  const clock = { ms: Date.parse('2026-11-23T10:00:00Z') };
  const world = await startWorld(dir, { now: () => clock.ms, utcOffsetMinutes: 120 });
  const { forge, token } = world;
  const stopping = new AbortController();
  const stored: Stored = { cursors: {}, enrolled: {}, ticks: {} };
  const queue: { waiting: Work[]; running: Work[] } = { waiting: [], running: [] };
  const warnings: string[] = [];
  const now = () => new Date(clock.ms);
  const connect = (url = forge.url, name = 'gitea') =>
    connectForge({
      name,
      url,
      token,
      requestMs: given.requestMs ?? 60_000,
      signal: stopping.signal,
      retries: given.retries ?? 0,
      retryMs: 1,
      now,
    });
  const sourcesFor = (client: ReturnType<typeof connect>) =>
    sourcesOf(
      {
        url: client.url,
        organisations: [...(given.organisations ?? ['org'])],
        repositories: [...(given.repositories ?? [])],
        hookSecretFiles: {},
        allow: [...(given.allow ?? [])],
        forks: given.forks ?? false,
      },
      client,
      (message) => warnings.push(message),
    );
  const client = connect();
  const options = (more: Partial<PollOptions> = {}): PollOptions => ({
    sources: sourcesFor(client),
    cursors: stored.cursors,
    enrolled: stored.enrolled,
    ticks: stored.ticks,
    readWork: async () => ({ waiting: [...queue.waiting], running: [...queue.running] }),
    word: '!testme',
    isOnce: true,
    intervalMs: 5_000,
    overlapMs: 60_000,
    stamping: { by: 'ccci-poll/test', now },
    signal: stopping.signal,
    log: quiet,
    random: () => 0.5,
    wait: async () => {},
    ...more,
  });

  /** One poll of a fresh process, after some seconds; what a tick says is stored. */
  const tick = async (afterMs = 5_000, more: Partial<PollOptions> = {}) => {
    clock.ms += afterMs;
    forge.clearRequests();
    const records: AnyRecord[] = [];
    for await (const record of poll(options(more))) {
      checkShape(record);
      records.push(record);
      if (record.type === 'tick') store(stored, record as Tick);
    }
    return {
      records: records.filter(({ type }) => type !== 'tick'),
      tick: records.at(-1)!,
      asked: asked(forge),
    };
  };

  const comment = (body: string, author = 'mia', more = {}) =>
    forge.comment('org', 'app', world.number, author, body, more);
  return { ...world, clock, stored, queue, warnings, stopping, options, tick, comment, connect, sourcesFor };
}

type Stored = { cursors: Cursors; enrolled: Record<string, string>; ticks: Ticks };

/** What dedupe does with a tick. */
function store(stored: Stored, { cursors, sources }: Tick): void {
  stored.ticks = { ...stored.ticks, ...sources };
  stored.cursors = JSON.parse(JSON.stringify(cursors));
  for (const [key, { enrolledAt }] of Object.entries(cursors)) stored.enrolled[key] ??= String(enrolledAt);
}

function asked(forge: {
  readonly requests: readonly { readonly method: string; readonly path: string }[];
}): string[] {
  return forge.requests.map(({ path }) => path.replace(/\?.*/, '').replace('/api/v1', ''));
}

function checkShape(record: AnyRecord): void {
  if (isKnownType(record.type)) recordTypes[record.type].schema.parse(record);
}

/** `type reason` of each record, which is what most tests compare. */
export function kinds(records: readonly AnyRecord[]): string[] {
  return records.map(({ type, reason }) => (reason === undefined ? type : `${type} ${reason}`));
}
