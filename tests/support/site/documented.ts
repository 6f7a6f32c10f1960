import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'pages.md');

/** How `docs/pages.md` says that the pages are served. */
export type Documented = {
  readonly headers: Readonly<Record<string, string>>;
  /** Content type by the ending of a file, with its charset. */
  readonly types: Readonly<Record<string, string>>;
};

/** Reads the example for nginx, or other text of that kind. */
export function readNginx(text = blockOf('nginx')): Documented {
  // text/html is always one of them.
  const charsets = ['text/html', ...(/charset_types ([^;]+);/.exec(text)?.[1]?.split(' ') ?? [])];
  const charset = /\bcharset ([^;]+);/.exec(text)?.[1];
  const types = [...(/types \{([^}]+)\}/.exec(text)?.[1] ?? '').matchAll(/(\S+\/\S+) ([^;]+);/g)];
  return {
    headers: pairs(text.matchAll(/add_header (\S+) "([^"]+)" always;/g)),
    types: Object.fromEntries(
      types.flatMap(([, type = '', endings = '']) =>
        endings
          .split(' ')
          .map((ending) => [ending, charsets.includes(type) ? `${type}; charset=${charset}` : type]),
      ),
    ),
  };
}

/** Headers of the example for Caddy, or of other text of that kind; `types` as far as it names them. */
export function readCaddy(text = blockOf('caddy')): Documented {
  const paths = pairs(text.matchAll(/(@\w+) path ([^\n]+)/g));
  const named = [...text.matchAll(/header (@\w+) Content-Type "([^"]+)"/g)];
  const typesOf = ([, name = '', type = '']: RegExpMatchArray) =>
    (paths[name] ?? '').split(' ').map((path) => [path.replace('*.', ''), type]);
  return {
    headers: pairs(text.matchAll(/header ([A-Z]\S+) "([^"]+)"/g)),
    types: Object.fromEntries(named.flatMap(typesOf)),
  };
}

/** Directives of a Content-Security-Policy. */
export function directivesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  const directives = policy.split(';').map((one) => one.trim().split(/\s+/));
  return new Map(directives.map(([name = '', ...sources]) => [name, sources]));
}

/** The example of the page in this language, as it stands there. */
export function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n([^\`]+)\`\`\``).exec(readFileSync(path, 'utf8'))?.[1];
  if (block === undefined) throw new Error(`${path} has no example for ${language}`);
  return block;
}

function pairs(matches: Iterable<RegExpMatchArray>): Record<string, string> {
  return Object.fromEntries([...matches].map(([, name = '', value = '']) => [name, value]));
}
