/** All endpoints, and the way of one request through them. */
import { type Answer, empty, notFound, problem } from './answers.ts';
import { authenticate, refuseScope } from './auth.ts';
import type { Call } from './call.ts';
import { matchRoute, type Route } from './route.ts';
import { commentRoutes } from './routes/comments.ts';
import { issueRoutes } from './routes/issues.ts';
import { metaRoutes } from './routes/meta.ts';
import { organisationRoutes } from './routes/organisations.ts';
import { pullRoutes } from './routes/pulls.ts';
import { reactionRoutes } from './routes/reactions.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { statusRoutes } from './routes/statuses.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { userRoutes } from './routes/users.ts';
import type { Store } from './store.ts';

/** Every endpoint; earlier ones win, so that `/issues/comments` is not an issue. */
export const allRoutes: readonly Route[] = [
  ...metaRoutes,
  ...userRoutes,
  ...organisationRoutes,
  ...reactionRoutes,
  ...commentRoutes,
  ...timelineRoutes,
  ...issueRoutes,
  ...pullRoutes,
  ...statusRoutes,
  ...repositoryRoutes,
];

/** A request for the API before anything of it was looked at; `url` is whole. */
export type ApiRequest = {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly body: Call['body'];
};

/** An answer and the endpoint that gave it. */
export type ApiAnswer = { readonly answer: Answer; readonly route?: Route };

/** Token first, then its scopes, then the endpoint, as in Gitea. */
export function answerApi(store: Store, { method, url, authorization, body }: ApiRequest): ApiAnswer {
  const match = matchRoute(allRoutes, method, url.pathname.slice('/api/v1'.length));
  const asker = authenticate(store, authorization);
  if ('status' in asker) return { answer: withDocumentation(store, asker) };
  if (match === undefined) return { answer: withDocumentation(store, notFound()) };
  if (match === 'method') return { answer: empty(405) };
  const { route, params } = match;
  const call: Call = { store, method, url, params, asker: asker.account, body };
  const refused = refuseScope(asker.token, method, route.scope) ?? refuseAnonymous(route, call);
  return { answer: withDocumentation(store, refused ?? route.handle(call)), route };
}

function refuseAnonymous({ needsToken }: Route, { asker }: Call): Answer | undefined {
  return needsToken && asker === null ? problem(401, 'token is required') : undefined;
}

/** Errors carry the address of the API's description. */
function withDocumentation(store: Store, answer: Answer): Answer {
  if (answer.status < 400 || answer.body === undefined) return answer;
  return { ...answer, body: { ...(answer.body as object), url: `${store.url}/api/swagger` } };
}
