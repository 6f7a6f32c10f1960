import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Delivery } from './hook.ts';
import { readBody } from './read-body.ts';
import { type Reply, replies } from './replies.ts';
import { readSignature } from './signature.ts';

export type TakeOptions = {
  /** Time limit of one delivery, from its head to our answer. */
  readonly deliveryMs: number;
  readonly receive: (delivery: Delivery) => Promise<Reply>;
};

/** Takes the deliveries of one server. */
export type Taker = (request: IncomingMessage) => Promise<Reply | null>;

/** Largest body, in bytes; source: security.md, row webhook. */
export const bodyLimit = 1024 * 1024;
/** Deliveries at a time, so that memory stays bounded: each may hold a body. */
export const deliveryLimit = 64;

/**
 * Makes what reads a delivery within its bounds of size, time and number, and gives the answer; null when nobody waits
 * for one any more. What is not worth reading is refused by its head alone.
 */
export function makeTaker({ deliveryMs, receive }: TakeOptions): Taker {
  let underWay = 0;
  return async (request) => {
    const signature = readSignature(request.headers);
    if (!isJson(request.headers)) return replies.notJson;
    if (signature === null) return { ...replies.unsigned, isLast: true };
    if (underWay >= deliveryLimit) return replies.busy;
    underWay += 1;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), deliveryMs);
    let work: Promise<unknown> = Promise.resolve();
    try {
      const body = await readBody(request, { limit: bodyLimit, late: late.signal });
      if (!Buffer.isBuffer(body)) return unread[body];
      const judged = receive({ headers: request.headers, body, signature });
      work = judged;
      return await orLate(judged, late.signal);
    } finally {
      clearTimeout(timer);
      // What goes on after a late answer still counts.
      void work.finally(() => (underWay -= 1));
    }
  };
}

const unread = { 'too-large': replies.tooLarge, late: replies.slow, gone: null } as const;

/** Forms are signed in another way (forge-api.md, 4), and what is packed is not what was signed. */
function isJson(headers: IncomingHttpHeaders): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase() === 'application/json' && headers['content-encoding'] === undefined;
}

function orLate(work: Promise<Reply>, late: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    if (late.aborted) resolve(replies.late);
    late.addEventListener('abort', () => resolve(replies.late), { once: true });
    work.then(resolve, reject);
  });
}
