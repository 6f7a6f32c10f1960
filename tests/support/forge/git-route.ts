/** Which requests are git's, and who may have what. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { canRead } from './access.ts';
import { authenticate } from './auth.ts';
import { findRenamed, findRepository } from './find.ts';
import { serveGit } from './http-backend.ts';
import type { Store } from './store.ts';

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** True when a path is one that git asks for. */
export function isGitPath(pathname: string): boolean {
  return gitPath.test(pathname);
}

/** Serves fetches. Private repositories ask for a login, an old name is a 301; git itself refuses to be pushed to. */
export async function answerGit(
  store: Store,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, owner, name, file] = gitPath.exec(url.pathname) as unknown as [string, string, string, string];
  const asker = authenticate(store, request.headers.authorization);
  const account = 'status' in asker ? null : asker.account;
  const repository = findRepository(store, owner, name);
  if (repository === undefined) return moved(store, response, { owner, name, url });
  if (!canRead(store, account, repository)) {
    const isUnknown = account === null;
    response.writeHead(isUnknown ? 401 : 404, isUnknown ? { 'www-authenticate': 'Basic realm="Gitea"' } : {});
    return void response.end();
  }
  await serveGit(request, response, { path: repository.path, file, query: url.search.slice(1) });
}

type Name = { readonly owner: string; readonly name: string; readonly url: URL };

function moved(store: Store, response: ServerResponse, { owner, name, url }: Name): void {
  const repository = findRenamed(store, owner, name);
  if (repository === undefined) return void response.writeHead(404).end('Not found.\n');
  const path = url.pathname.replace(`/${owner}/${name}`, `/${repository.owner}/${repository.name}`);
  response.writeHead(301, { location: path + url.search }).end();
}
