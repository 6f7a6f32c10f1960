import { readFileSync } from 'node:fs';

/** What is said of a term; `under` is the heading within its section, null where there is none. */
export type Definition = { readonly under: string | null; readonly term: string; readonly said: string };

/** A built page of the manual. */
export type ManPage = {
  /** The roff of a section; empty where there is none. */
  readonly section: (title: string) => string;
  /** What is defined in a section, in order. */
  readonly definitions: (title: string) => readonly Definition[];
  /** What stands in bold from its start: code. */
  readonly code: readonly string[];
};

export function readManPage(file: string): ManPage {
  const roff = readFileSync(file, 'utf8');
  const [, ...parts] = roff.split(/^\.SH /m);
  const sections = new Map(
    parts.map((part) => {
      const [title = '', ...lines] = part.split('\n');
      return [title.replaceAll('"', ''), lines.join('\n')] as const;
    }),
  );
  const section = (title: string) => sections.get(title) ?? '';
  return {
    section,
    definitions: (title) => definitionsIn(section(title)),
    code: [...roff.matchAll(/\\fB(.*?)\\fP/gs)].map(([, text = '']) => plain(text)),
  };
}

function definitionsIn(section: string): readonly Definition[] {
  return section.split(/^\.SS /m).flatMap((part, index) => {
    const under = index === 0 ? null : plain(part.slice(0, part.indexOf('\n'))).replaceAll('"', '');
    return [...part.matchAll(/^\.TP\n(.*)\n((?:(?!\.(?:TP|PP|SS|SH|IP|TS)\b).*\n?)*)/gm)].map(
      ([, term = '', said = '']) => ({ under, term: plain(term), said: plain(said).trim() }),
    );
  });
}

/** Text without fonts, its escapes taken back. */
export function plain(roff: string): string {
  return roff
    .replace(/\\f[BIP]|\\%|\\&/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\(ti', '~')
    .replaceAll('\\(aq', "'");
}
