import { request } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Calls an engine's API over its socket; resolves to the body. An answer that is not 2xx, and one that takes longer
 * than 60 s, is an error with the engine's words. `body` is sent as JSON; a stream as it is (a tar archive).
 */
export function callEngine(
  socket: string,
  method: string,
  path: string,
  body?: object | Readable,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const isStream = body !== undefined && 'pipe' in body;
    const headers = body && { 'content-type': isStream ? 'application/x-tar' : 'application/json' };
    const signal = AbortSignal.timeout(60_000);
    const call = request(
      { socketPath: socket, method, path, ...(headers && { headers }), signal },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const isGood = answer.statusCode! >= 200 && answer.statusCode! < 300;
          if (isGood) resolve(text);
          else reject(new Error(`engine: ${method} ${path}: ${answer.statusCode} ${text.trim()}`));
        });
      },
    );
    call.on('error', reject);
    if (isStream) (body as Readable).on('error', reject).pipe(call);
    else call.end(body && JSON.stringify(body));
  });
}
