/** Writing an answer to the socket, whole or broken on purpose. */
import type { ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';

const always = {
  'cache-control': 'max-age=0, private, must-revalidate, no-transform',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
};

/** What an answer looks like on the wire; `at` is the `Date` header, the server's clock in milliseconds. */
export type Sending = { readonly method: string; readonly at: number; readonly isTruncated: boolean };

/** Sends an answer with the headers that Gitea always sends; truncated it ends in the middle of the body. */
export function send(response: ServerResponse, answer: Answer, { method, at, isTruncated }: Sending): void {
  const { text, type } = content(answer, method);
  const body = Buffer.from(text);
  response.writeHead(answer.status, {
    ...always,
    date: new Date(at).toUTCString(),
    ...(type !== '' && { 'content-type': type }),
    ...(answer.status !== 204 && { 'content-length': body.length }),
    ...answer.headers,
  });
  if (!isTruncated) return void response.end(body);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

function content({ status, body, headers }: Answer, method: string): { text: string; type: string } {
  if (typeof body === 'string') return { text: body, type: 'text/plain; charset=utf-8' };
  if (body !== undefined)
    return { text: `${JSON.stringify(body)}\n`, type: 'application/json;charset=utf-8' };
  const location = headers?.location;
  if (location === undefined || method !== 'GET') return { text: '', type: '' };
  const phrase = status === 303 ? 'See Other' : 'Moved Permanently';
  return { text: `<a href="${location}">${phrase}</a>.\n\n`, type: 'text/html; charset=utf-8' };
}
