import { hookSecret, type QuickSite } from './site.ts';

const listening = /listening on (http:\/\/\S+)/g;

/**
 * Delivers the webhook of a comment to the receiver that said where it listens, once, as a forge does: whatever comes
 * of it, also nothing where nobody listens at this moment. True when it was taken.
 */
export async function deliverTo({ forge }: QuickSite, said: string, commentId: number): Promise<boolean> {
  const address = [...said.matchAll(listening)].at(-1)?.[1];
  if (address === undefined) return false;
  const { status } = await forge.deliver(commentId, { url: address, secret: hookSecret });
  return status === 200;
}
