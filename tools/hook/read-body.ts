import type { IncomingMessage } from 'node:http';

export type BodyOptions = {
  /** In bytes. */
  readonly limit: number;
  /** Aborts when the time is over. */
  readonly late: AbortSignal;
};

/**
 * The whole body of a request, at most `limit` bytes. `too-large` as soon as that is known, by what the head says or
 * by what has come; `late` when the time is over before its end; `gone` when the client has left. Then the rest stays
 * unread: the caller ends the connection.
 */
export function readBody(
  request: IncomingMessage,
  { limit, late }: BodyOptions,
): Promise<Buffer | 'too-large' | 'late' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (body: Buffer | 'too-large' | 'late' | 'gone') => {
      late.removeEventListener('abort', onLate);
      request.off('data', onData).off('end', onEnd).off('close', onGone).pause();
      resolve(body);
    };
    const onLate = () => settle('late');
    const onGone = () => settle('gone');
    const onEnd = () => settle(Buffer.concat(chunks, size));
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) settle('too-large');
    };
    if (late.aborted) return settle('late');
    late.addEventListener('abort', onLate, { once: true });
    request.on('data', onData).on('end', onEnd).on('close', onGone);
  });
}
