import { request } from 'node:http';
import { variable } from './environment.ts';

/** Asks the app socket (docs/app-socket.md); an answer that is no 200 is an error with its words. */
export function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const socketPath = variable('CCCI_APP_SOCKET');
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('error', reject).on('end', () => {
        const content = parse(text);
        if (answer.statusCode === 200) resolve(content as T);
        else reject(new Error(`app socket: ${(content as { error?: string } | null)?.error ?? text}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The path of a service, of the app itself or of a dependency. */
export function servicePath(service: string | null, dep: string | undefined, rest = ''): string {
  const prefix = dep === undefined ? '' : `/deps/${encodeURIComponent(dep)}`;
  return `${prefix}/services${service === null ? '' : `/${encodeURIComponent(service)}`}${rest}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
