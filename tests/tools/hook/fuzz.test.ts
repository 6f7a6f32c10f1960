/** Whatever comes in: never a crash, a hang or a word to who has no secret, and only what the forge confirms is kept. */
import { readdirSync } from 'node:fs';
import { Agent, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import fc from 'fast-check';
import t from 'tap';
import { readHint, whyIgnored } from '../../../tools/hook/hint.ts';
import { readSignature } from '../../../tools/hook/signature.ts';
import { signed, startHook } from './world.ts';

const isFull = process.env.CCCI_SCALE === 'full';
const deliveries = isFull ? 20_000 : 300;
const parsings = isFull ? 100_000 : 5_000;
const conversations = isFull ? 2_000 : 50;
/** Of one delivery: far more than it takes. */
const timeout = 20_000;

/** What may stand in a header. */
const headerText = fc
  .oneof(
    fc.string({ unit: 'binary-ascii' }),
    fc.stringMatching(/^[0-9a-f]{60,68}$/),
    fc.constantFrom('', 'created'),
  )
  .map((text) => text.replaceAll(/[^\t -~]/g, '').trim());

t.test(`readHint, readSignature and whyIgnored take anything: ${parsings} times`, async (t) => {
  const name = fc.constantFrom(
    'x-gitea-signature',
    'x-forgejo-signature',
    'x-hub-signature-256',
    'x-gitea-event',
  );
  const headers = fc.dictionary(fc.oneof(name, fc.string()), headerText);
  const json = fc.oneof(
    fc.json(),
    fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.stringify(value)),
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    json.map((text) => Buffer.from(text)),
  );
  const property = fc.property(bytes, headers, (body, headers) => {
    const signature = readSignature(headers);
    if (signature !== null && signature.length !== 32) return false;
    const hint = readHint(Buffer.from(body));
    return hint === null || typeof (whyIgnored(headers, hint) ?? '') === 'string';
  });
  fc.assert(property, { numRuns: parsings });
  t.pass();
});

/** One change of a real payload: of a value somewhere in it, or of its bytes. */
type Change = {
  readonly kind: 'value' | 'cut' | 'flip' | 'double';
  readonly at: number;
  readonly value?: unknown;
};

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('value' as const), at: fc.nat(), value: fc.jsonValue() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('value' as const),
      at: fc.nat(),
      value: fc.oneof(
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom('org/app', 'org/gone', 'eve/app', '!testme', 'mia'),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('cut', 'flip', 'double' as const), at: fc.nat() }),
  },
);

t.test(`real payloads, changed, with changed headers: ${deliveries} times`, async (t) => {
  const world = await startHook(t, { deliveryMs: 60_000 });
  const { ask, comment, forge, inbox, said, outcome } = world;
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  t.teardown(() => agent.destroy());
  const issue = forge.openIssue('org', 'app', { title: 'x', author: 'mia' });
  const real = [comment('!testme'), comment('!testme', 'eve'), comment('!cancel'), comment('!help', 'mia')];
  const others = [
    comment('hello'),
    comment('!testme', 'bot'),
    forge.comment('org', 'app', issue, 'mia', '!testme'),
  ];
  const gone = comment('!testme');
  const payloads = [...real, ...others, gone].map(({ id }) => forge.payload(id, { hasPull: id % 2 === 0 }));
  forge.deleteComment(gone.id);
  const confirmed = new Map(real.map(({ id, user }) => [`gitea-${id}`, user]));

  const delivery = fc.record({
    base: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...payloads) },
      { weight: 1, arbitrary: fc.oneof(fc.json(), fc.string({ unit: 'binary' })) },
    ),
    changes: fc.array(change, { maxLength: 3 }),
    signing: fc.constantFrom('good', 'good', 'good', 'stale', 'wrong', 'none', 'odd'),
    headers: fc.dictionary(
      fc.constantFrom(
        'x-gitea-event',
        'x-gitea-event-type',
        'x-forgejo-event',
        'content-type',
        'x-forgejo-signature',
      ),
      headerText,
      { maxKeys: 1 },
    ),
    odd: headerText,
  });

  let kept = 0;
  const listInbox = () => readdirSync(join(world.state, 'in', 'ready'));
  const property = fc.asyncProperty(delivery, async ({ base, changes, signing, headers, odd }) => {
    const body = changes.reduce(apply, Buffer.from(base));
    const given = { ...headersOf(signing, { body, base, odd }), ...headers } as OutgoingHttpHeaders;
    const { status } = await ask('/hook', { method: 'POST', headers: given, body, agent });
    const isSigned = signing === 'good' || (signing === 'stale' && body.equals(Buffer.from(base)));
    if (![200, 400, 401, 415].includes(status)) throw new Error(`answered with ${status}`);
    if (!isSigned && status === 200) throw new Error(`${signing} is answered with 200`);
    if (listInbox().length === kept) return;
    if (!isSigned) throw new Error(`${signing} is handed in`);
    kept = listInbox().length;
    for (const { record } of inbox()) {
      const { key, owner, name, pr, comment } = record as unknown as Trigger;
      const place = `${comment?.author} ${owner}/${name}#${pr?.number}`;
      if (place !== `${confirmed.get(key)} org/app#${world.number}`) {
        throw new Error(`the forge does not confirm ${JSON.stringify(record)}`);
      }
    }
  });
  await fc.assert(property, { numRuns: deliveries, timeout, endOnFailure: true });
  t.same(
    said.filter((line) => /bug/.test(line)),
    [],
  );
  t.equal(outcome.status(), 0);
  for (const { id } of real) t.match(await world.deliver(id), { status: 200 }, 'and still at work');
  t.same(
    inbox()
      .map(({ record }) => record.key)
      .sort(),
    [...confirmed.keys()].sort(),
  );
});

t.test(`any bytes on the wire: ${conversations} times`, async (t) => {
  const { ask, inbox, outcome, said, url } = await startHook(t);
  const { hostname, port } = new URL(url);
  const begin = fc.constantFrom(
    '',
    'POST /hook HTTP/1.1\r\nhost: x\r\n',
    'POST /hook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n',
    'GET /hook/healthz HTTP/1.1\r\nhost: x\r\n\r\n',
  );
  const property = fc.asyncProperty(begin, fc.uint8Array({ maxLength: 500 }), async (begin, bytes) => {
    const socket = connect(Number(port), hostname).on('error', () => {});
    socket.end(Buffer.concat([Buffer.from(begin), bytes]));
    await buffer(socket).catch(() => {});
  });
  await fc.assert(property, { numRuns: conversations, timeout, endOnFailure: true });
  t.match(await ask('/hook/healthz'), { status: 200, text: 'ok' });
  t.same(inbox(), []);
  t.same(said, []);
  t.equal(outcome.status(), 0);
});

type Signing = { readonly body: Buffer; readonly base: string; readonly odd: string };

function headersOf(signing: string, { body, base, odd }: Signing): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = signed(signing === 'stale' ? base : body);
  if (signing === 'wrong') headers['x-gitea-signature'] = signed(`${body} `)['x-gitea-signature'];
  if (signing === 'odd') headers['x-gitea-signature'] = odd;
  if (signing === 'none')
    for (const name of Object.keys(headers)) if (/signature/.test(name)) delete headers[name];
  return headers;
}

function apply(body: Buffer, change: Change): Buffer {
  const at = body.length === 0 ? 0 : change.at % body.length;
  if (change.kind === 'cut') return body.subarray(0, at);
  if (change.kind === 'double') return Buffer.concat([body.subarray(0, at), body]);
  if (change.kind === 'flip') return Buffer.from(body.map((byte, index) => (index === at ? byte ^ 1 : byte)));
  return replaceValue(body, change.at, change.value);
}

/** Puts a value in the place of the n-th one inside the JSON; what is none (any more) stays as it is. */
function replaceValue(body: Buffer, at: number, value: unknown): Buffer {
  const places = [...String(body).matchAll(/(?<=": )(?:"(?:[^"\\]|\\.)*"|-?\d+|true|false|null)/g)];
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return body;
  const text = String(body);
  return Buffer.from(
    `${text.slice(0, place.index)}${JSON.stringify(value)}${text.slice(place.index + place[0].length)}`,
  );
}
