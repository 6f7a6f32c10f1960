import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Config, configSchema } from '@ccci/lib/config/schema.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import { type AnyRecord, isKnownType, recordTypes } from '@ccci/lib/records/types.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import type { Test } from 'tap';
import { makeConditions } from '../../../tools/hook/conditions.ts';
import { connectForges } from '../../../tools/hook/forges.ts';
import { makeHealth } from '../../../tools/hook/health.ts';
import { receive } from '../../../tools/hook/hook.ts';
import { serve } from '../../../tools/hook/server.ts';
import { hookHeaders } from '../../support/forge/deliver.ts';
import { startWorld } from '../../support/forge/fixture.ts';

export const secret = 'long and random';
export const enrolledAt = '2026-11-23T09:00:00Z';
const startMs = Date.parse('2026-11-23T10:00:00Z');

export type HookWorldOptions = {
  /** Changes the configuration of the forge `gitea`; adds others. */
  readonly forges?: (gitea: { readonly url: string }, file: (content: string) => string) => object;
  readonly enrolled?: Readonly<Record<string, string>>;
  readonly deliveryMs?: number;
  readonly disk?: Disk;
};

export type Answered = { readonly status: number; readonly text: string; readonly headers: object };

/** A real forge, a state directory where its organisation is enrolled, and a receiver on a free port. */
export async function startHook(t: Test, given: HookWorldOptions = {}) {
  const dir = t.testdir({ state: {} });
  const clock = { ms: startMs };
  const world = await startWorld(dir, { now: () => clock.ms, utcOffsetMinutes: 120 });
  const state = join(dir, 'state');
  await prepareState(state);
  writeFileSync(join(state, 'enrolled.json'), JSON.stringify(given.enrolled ?? { 'gitea/org': enrolledAt }));
  const config = configOf(dir, world, given);
  const stopping = new AbortController();
  const ending = new AbortController();
  const said: string[] = [];
  const say = (message: string, hint = '') => void said.push(`${message} ${hint}`.trim());
  const log: Log = { info: say, warning: say, error: say };
  const outcome = makeOutcome();
  const conditions = makeConditions(log);
  const loaded = { ...config, state, runs: dir, from: null };
  const forges = await connectForges(loaded, { signal: ending.signal, retryMs: 1 });
  const now = () => new Date(clock.ms);
  const stamping = { by: 'ccci-hook/test', now };
  const { disk } = given;
  const options = { forges, state, word: '!testme', stamping, log, outcome, conditions, disk };
  let served = Promise.resolve();
  const url = await new Promise<string>((resolve, reject) => {
    served = serve({
      ...config.hook,
      receive: (delivery) => receive(delivery, options),
      health: makeHealth({ state, now, conditions, disk }),
      stopping: stopping.signal,
      onListening: resolve,
    });
    served.catch(reject);
  });
  t.teardown(async () => {
    stopping.abort('SIGTERM');
    ending.abort();
    await served;
    await world.forge.close();
    if (world.forge.problems.length > 0) throw new Error(world.forge.problems.join('\n'));
  });
  const comment = (body: string, author = 'mia', more = {}) =>
    world.forge.comment('org', 'app', world.number, author, body, more);
  const deliver = (what: number | string, more: object = {}) =>
    world.forge.deliver(what, { url, secret, ...more });
  return {
    ...world,
    dir,
    state,
    clock,
    url,
    said,
    outcome,
    stopping,
    served,
    comment,
    deliver,
    /** Writes a comment and delivers it. */
    say: (body: string, author?: string, more?: object) => deliver(comment(body, author, more).id),
    inbox: () => readInbox(state),
    /** A request of any kind; a body is signed unless the headers say otherwise. */
    ask: (path: string, asked: Asked = {}) => ask(new URL(url).origin + path, asked),
  };
}

/** Everything handed in, by the name of its file. */
export function readInbox(state: string): readonly { readonly file: string; readonly record: AnyRecord }[] {
  const ready = join(state, 'in', 'ready');
  return readdirSync(ready).map((file) => {
    const record = JSON.parse(readFileSync(join(ready, file), 'utf8')) as AnyRecord;
    if (isKnownType(record.type)) recordTypes[record.type].schema.parse(record);
    return { file, record };
  });
}

export type Asked = {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Without one each request has its own connection. */
  readonly agent?: Agent;
};

/** The headers of a signed delivery of this body. */
export function signed(body: string | Buffer, more: Readonly<Record<string, string | null>> = {}) {
  const event = { event: 'issue_comment', type: 'pull_request_comment' };
  return hookHeaders(Buffer.from(body), { url: '', secret, headers: more }, event);
}

/** One request; the answer counts, whatever happens to the connection after it. */
export async function ask(url: string, { method = 'GET', headers, body, agent }: Asked): Promise<Answered> {
  const isChunked = body === undefined || headers?.['transfer-encoding'] !== undefined;
  const length = isChunked ? {} : { 'content-length': Buffer.byteLength(body) };
  const asking = request(url, { method, agent: agent ?? false, headers: { ...length, ...headers } });
  const answered = once(asking, 'response') as Promise<[IncomingMessage]>;
  asking.on('error', () => {});
  asking.end(body);
  const [answer] = await answered;
  return { status: answer.statusCode ?? 0, text: await text(answer), headers: answer.headers };
}

function configOf(
  dir: string,
  { forge, token }: { readonly forge: { readonly url: string }; readonly token: string },
  { forges = (gitea) => ({ gitea }), deliveryMs = 20_000 }: HookWorldOptions,
): Config {
  let files = 0;
  const file = (content: string) => {
    files += 1;
    const path = join(dir, `secret-${files}`);
    writeFileSync(path, `${content}\n`);
    return path;
  };
  const gitea = {
    url: forge.url,
    organisations: ['org'],
    tokenFile: file(token),
    hookSecretFile: file(secret),
  };
  return configSchema.parse({ forges: forges(gitea, file), hook: { port: 0, deliveryMs } });
}
