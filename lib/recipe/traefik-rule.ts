/**
 * Whether a Traefik rule can only match hosts of one domain: that name or one below it.
 *
 * `A && B` is confined when one side is, `A || B` when both are; a negation, a pattern, a rule that cannot be
 * read never is. Syntax: https://doc.traefik.io/traefik/routing/routers/#rule
 */
export function isConfined(rule: string, domain: string): boolean {
  const tokens = tokenize(rule);
  if (tokens === null) return false;
  const reader = { tokens, at: 0 };
  const confined = readOr(reader, domain.toLowerCase());
  return confined && reader.at === tokens.length;
}

/** Whether a host is a domain or a name below it; `*.` in front of one stands for names below. */
export function isConfinedHost(host: string, domain: string): boolean {
  return isBelow(host.toLowerCase().replace(/^\*\./, ''), domain.toLowerCase());
}

type Token =
  | { readonly kind: '&&' | '||' | '!' | '(' | ')' }
  | { readonly kind: 'matcher'; name: string; values: string[] };
type Reader = { readonly tokens: readonly Token[]; at: number };

// Between the quoted names only what cannot be one: every text is read in a time that grows with its length alone.
const tokenPattern =
  /\s*(?:(&&|\|\||!|\(|\))|([A-Za-z]+)\(([\s,\d]*(?:(?:`[^`]*`|"[^"]*"|'[^']*')[\s,\d]*)*)\))/y;

function tokenize(rule: string): Token[] | null {
  const tokens: Token[] = [];
  const text = rule.trim();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const match = tokenPattern.exec(text);
    if (match === null) return null;
    if (match[1] !== undefined) tokens.push({ kind: match[1] as '&&' });
    else tokens.push({ kind: 'matcher', name: match[2] ?? '', values: valuesOf(match[3] ?? '') });
  }
  return tokens;
}

function valuesOf(list: string): string[] {
  return [...list.matchAll(/`[^`]*`|"[^"]*"|'[^']*'/g)].map(([quoted]) => quoted.slice(1, -1));
}

function readOr(reader: Reader, domain: string): boolean {
  let confined = readAnd(reader, domain);
  while (take(reader, '||')) confined = readAnd(reader, domain) && confined;
  return confined;
}

function readAnd(reader: Reader, domain: string): boolean {
  let confined = readOne(reader, domain);
  while (take(reader, '&&')) confined = readOne(reader, domain) || confined;
  return confined;
}

function readOne(reader: Reader, domain: string): boolean {
  if (take(reader, '!')) {
    readOne(reader, domain);
    return false;
  }
  if (take(reader, '(')) {
    const confined = readOr(reader, domain);
    // Reading stops here, so that the rest counts as unread.
    return take(reader, ')') && confined;
  }
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'matcher') return false;
  reader.at += 1;
  if (!/^(Host|HostSNI)$/i.test(token.name)) return false;
  return token.values.length > 0 && token.values.every((host) => isBelow(host.toLowerCase(), domain));
}

function take(reader: Reader, kind: Token['kind']): boolean {
  if (reader.tokens[reader.at]?.kind !== kind) return false;
  reader.at += 1;
  return true;
}

function isBelow(host: string, domain: string): boolean {
  return /^[a-z0-9.-]+$/.test(host) && (host === domain || host.endsWith(`.${domain}`));
}
