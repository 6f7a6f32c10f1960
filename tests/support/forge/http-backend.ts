/** Serves a bare repository over HTTP by git's own CGI program. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';

/** What one request for git needs: `path` is the bare repository, `file` what follows `.git`. */
export type GitRequest = { readonly path: string; readonly file: string; readonly query: string };

/** Answers one request; the child is ended after `timeoutMs`, or when the client leaves. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  target: GitRequest,
  timeoutMs = 60_000,
): Promise<void> {
  const child = spawn('git', ['http-backend'], { env: environment(request, target), detached: true });
  const timer = setTimeout(() => end(child), timeoutMs);
  response.once('close', () => end(child));
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  child.stderr.resume();
  forward(child, response);
  return new Promise((resolve) => {
    child.once('error', () => finish(response));
    child.once('close', () => {
      clearTimeout(timer);
      finish(response);
      resolve();
    });
  });
}

function environment(request: IncomingMessage, { path, file, query }: GitRequest): NodeJS.ProcessEnv {
  const header = (name: string) => String(request.headers[name] ?? '');
  return {
    PATH: process.env.PATH,
    GIT_PROJECT_ROOT: dirname(path),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${basename(path)}/${file}`,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: header('content-type'),
    CONTENT_LENGTH: header('content-length'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    // As Gitea sets them for its own repositories.
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_CONFIG_KEY_1: 'uploadpack.allowAnySHA1InWant',
    GIT_CONFIG_VALUE_1: 'true',
    GIT_CONFIG_KEY_2: 'uploadpack.allowFilter',
    GIT_CONFIG_VALUE_2: 'true',
  };
}

/** CGI: lines of headers up to an empty line (`Status:` is the status), then the body. */
function forward(child: ChildProcess, response: ServerResponse): void {
  let head = Buffer.alloc(0);
  let isBody = false;
  child.stdout!.on('data', (chunk: Buffer) => {
    if (isBody) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    isBody = true;
    const headers = head.subarray(0, end).toString().split('\r\n').map(splitHeader);
    const status = headers.find(([name]) => name === 'status')?.[1];
    response.statusCode = Number.parseInt(status ?? '200', 10);
    for (const [name, value] of headers) if (name !== 'status') response.setHeader(name, value);
    response.write(head.subarray(end + 4));
  });
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function finish(response: ServerResponse): void {
  if (!response.headersSent && response.statusCode === 200) response.statusCode = 500;
  response.end();
}

function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended in between.
  }
}
