/** A table of routes: the paths are those of Gitea's own description, names included. */
import type { Handler } from './call.ts';

/** What a token must be allowed for; null needs nothing. */
export type Scope = 'issue' | 'repository' | 'organization' | 'user' | null;

/** One endpoint; `path` is below /api/v1; `needsToken` refuses anonymous askers with 401. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly scope: Scope;
  readonly needsToken?: boolean;
  readonly handle: Handler;
};

/** The route of a request and what stands in the places of its path's names. */
export type Match = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

/** Finds the first route that fits; a path that only other methods have is 405 (`'method'`), else undefined. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Match | 'method' | undefined {
  const fitting = routes.flatMap((route) => {
    const groups = pattern(route.path).exec(path)?.groups;
    return groups === undefined ? [] : [{ route, params: decoded(groups) }];
  });
  return fitting.find(({ route }) => route.method === method) ?? (fitting.length > 0 ? 'method' : undefined);
}

/** Branches and references may have slashes in them; a number is only ever a number. */
function pattern(path: string): RegExp {
  const named = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'id' || name === 'index') return `(?<${name}>\\d+)`;
    return name === 'branch' || name === 'ref' ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^(?:${named})$(?<_>)?`);
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(groups).filter(([name]) => name !== '_');
  return Object.fromEntries(entries.map(([name, value]) => [name, safelyDecoded(value)]));
}

function safelyDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
