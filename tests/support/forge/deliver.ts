/** Sending one webhook as Gitea and Forgejo do: once, signed, and not waiting longer than the limit. */
import { createHmac, randomUUID } from 'node:crypto';

/** Where a webhook leads. `flavour`: Forgejo sends its own headers beside Gitea's. */
export type HookTarget = {
  readonly url: string;
  /** Empty: the headers are there, and empty too. */
  readonly secret: string;
  readonly flavour?: 'gitea' | 'forgejo';
  /** Headers that are sent otherwise than they should be; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** `[webhook] DELIVER_TIMEOUT`, which is 5 s there and more here: the machine of a test may be busy. */
  readonly timeoutMs?: number;
};

/** The event of a delivery, as its headers name it. */
export type HookEvent = { readonly event: string; readonly type: string };

/** What came back; `status` is null where no answer came. */
export type Delivered = { readonly status: number | null; readonly text: string };

/** Delivers a payload once; whatever goes wrong is in the result. */
export async function deliverPayload(
  payload: string | Uint8Array<ArrayBuffer>,
  target: HookTarget,
  event: HookEvent,
): Promise<Delivered> {
  const headers = hookHeaders(payload, target, event);
  const signal = AbortSignal.timeout(target.timeoutMs ?? 30_000);
  try {
    const answer = await fetch(target.url, {
      method: 'POST',
      headers,
      body: payload,
      redirect: 'manual',
      signal,
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return { status: null, text: cause?.message ?? message };
  }
}

/** The headers of a delivery (gitea services/webhook/deliver.go), the signatures among them. */
export function hookHeaders(
  payload: string | Uint8Array,
  { secret, flavour = 'gitea', headers = {} }: HookTarget,
  { event, type }: HookEvent,
): Record<string, string> {
  const sign = (hash: string) =>
    secret === '' ? '' : createHmac(hash, secret).update(payload).digest('hex');
  const delivery = randomUUID();
  const own = (name: string, signature = sign('sha256')) => ({
    [`x-${name}-delivery`]: delivery,
    [`x-${name}-event`]: event,
    [`x-${name}-event-type`]: type,
    [`x-${name}-signature`]: signature,
  });
  const given: Record<string, string | null> = {
    'content-type': 'application/json',
    ...(flavour === 'forgejo' && own('forgejo')),
    ...own('gitea'),
    ...own('gogs'),
    'x-hub-signature': `sha1=${sign('sha1')}`,
    'x-hub-signature-256': `sha256=${sign('sha256')}`,
    'x-github-delivery': delivery,
    'x-github-event': event,
    'x-github-event-type': type,
    ...headers,
  };
  return Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== null),
  );
}
