import { anyEscape, ends, formsOf, wholesOf } from './secret-forms.ts';

/** The engine cuts what a healthcheck prints here, with three dots behind; log lines are cut at 64 KiB. */
const cutFromBytes = 4096;
/** Fewer characters of a secret than these tell nothing. */
const shortestBeginning = 4;
const mark = '***';

export type Masker = {
  /** From now on this value is masked, in all its usual forms. */
  readonly add: (secret: string) => void;
  readonly mask: (text: string) => string;
  /** Whether the text holds a secret in any form. */
  readonly finds: (text: string) => boolean;
  /** All that is looked for, the longest first: for the scan of artefacts. */
  readonly forms: () => readonly string[];
};

/**
 * Masks secrets in plain, base64, URL, JSON, shell and HTML form. All of them are found before one is masked: where two
 * overlap, or one holds another, nothing of either stays behind.
 */
export function makeMasker(): Masker {
  const forms = new Set<string>();
  const patterns = new Map<string, RegExp>();
  const wholes = new Set<string>();
  return {
    add: (secret) => {
      for (const form of formsOf(secret)) forms.add(form);
      for (const whole of wholesOf(secret)) {
        wholes.add(whole);
        patterns.set(whole, anyEscape(whole));
      }
    },
    mask: (text) => cover(text, findAll(text, { forms, wholes, patterns: patterns.values() })),
    forms: () => [...forms].sort((a, b) => b.length - a.length),
    finds: (text) =>
      [...forms].some((form) => text.includes(form)) ||
      [...patterns.values()].some((pattern) => text.search(pattern) !== -1),
  };
}

type Range = { readonly start: number; readonly end: number };

type LookedFor = {
  readonly forms: ReadonlySet<string>;
  readonly wholes: ReadonlySet<string>;
  readonly patterns: Iterable<RegExp>;
};

function findAll(text: string, { forms, wholes, patterns }: LookedFor): Range[] {
  const found: Range[] = [];
  for (const pattern of patterns) {
    for (const { 0: whole, index } of text.matchAll(pattern))
      found.push({ start: index, end: index + whole.length });
  }
  for (const form of forms) {
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
      found.push({ start, end: start + form.length });
    }
  }
  const parts = [...wholes].flatMap((whole) => findParts(text, whole));
  return [...found, ...parts, ...findBegun(text, forms)].sort((a, b) => a.start - b.start);
}

/** The begin and the end of a secret, each as far as it goes on. */
function findParts(text: string, whole: string): Range[] {
  const looked = ends(whole);
  if (looked === null) return [];
  const found: Range[] = [];
  for (let at = text.indexOf(looked.begin); at !== -1; at = text.indexOf(looked.begin, at + 1)) {
    let end = at + looked.begin.length;
    while (end - at < whole.length && text[end] === whole[end - at]) end += 1;
    found.push({ start: at, end });
  }
  for (let at = text.indexOf(looked.end); at !== -1; at = text.indexOf(looked.end, at + 1)) {
    const end = at + looked.end.length;
    let start = at;
    while (end - start < whole.length && start > 0 && text[start - 1] === whole.at(start - 1 - end))
      start -= 1;
    found.push({ start, end });
  }
  return found;
}

/** A long text may have been cut in the middle of a secret: the longest beginning of one that it ends with. */
function findBegun(text: string, forms: ReadonlySet<string>): Range[] {
  if (Buffer.byteLength(text) < cutFromBytes) return [];
  const kept = text.replace(/(\.\.\.|…)$/, '');
  return [...forms].flatMap((form) => {
    for (let length = form.length - 1; length >= shortestBeginning; length -= 1) {
      if (kept.endsWith(form.slice(0, length))) return [{ start: kept.length - length, end: kept.length }];
    }
    return [];
  });
}

function cover(text: string, ranges: readonly Range[]): string {
  let covered = '';
  let done = 0;
  for (const { start, end } of ranges) {
    if (start >= done) covered += text.slice(done, start) + mark;
    done = Math.max(done, end);
  }
  return covered + text.slice(done);
}
