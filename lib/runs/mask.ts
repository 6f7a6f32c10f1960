/** Shortest text that is taken for a secret; shorter ones would mask half of every log (security.md, row secrets). */
const shortestSecret = 6;
/** The engine cuts what a healthcheck prints here, with three dots behind; log lines are cut at 64 KiB. */
const cutFromBytes = 4096;
/** Fewer characters of a secret than these tell nothing. */
const shortestBeginning = 4;
const mark = '***';
const markupNames: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": '#39',
};

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
  return {
    add: (secret) => {
      for (const form of formsOf(secret)) forms.add(form);
      for (const whole of wholesOf(secret)) patterns.set(whole, anyEscape(whole));
    },
    mask: (text) => cover(text, findAll(text, forms, patterns.values())),
    forms: () => [...forms].sort((a, b) => b.length - a.length),
    finds: (text) =>
      [...forms].some((form) => text.includes(form)) ||
      [...patterns.values()].some((pattern) => text.search(pattern) !== -1),
  };
}

type Range = { readonly start: number; readonly end: number };

function findAll(text: string, forms: ReadonlySet<string>, patterns: Iterable<RegExp>): Range[] {
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
  return [...found, ...findBegun(text, forms)].sort((a, b) => a.start - b.start);
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

/** A secret of many lines (a key) is looked for line by line too: logs come as lines. */
function wholesOf(secret: string): string[] {
  // A lone surrogate has no UTF-8 form, and encodeURIComponent throws at it.
  const value = Buffer.from(secret.trim()).toString();
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const wholes = lines.length === 1 ? [value] : [value, ...lines];
  return wholes.filter((whole) => whole.length >= shortestSecret);
}

function formsOf(secret: string): string[] {
  return wholesOf(secret).flatMap((whole) => [
    whole,
    ...base64Forms(whole),
    ...urlForms(whole),
    ...jsonForms(whole),
    ...shellForms(whole),
    markupForm(whole),
  ]);
}

/**
 * A secret however its characters are escaped, each in its own way: writers of JSON in JSON, of Python's `repr`, of YAML
 * and of URLs differ in which they escape, and what is masked only up to the first of them still tells the rest.
 */
function anyEscape(value: string): RegExp {
  return new RegExp([...value].map(anyWriting).join(''), 'gi');
}

function anyWriting(character: string): string {
  const literal = character.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const bytes = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  if (/[\p{L}\p{N}]/u.test(character)) return `(?:${literal}|${bytes})`;
  const code = character.codePointAt(0) ?? 0;
  const names = markupNames[character] === undefined ? '' : `|&${markupNames[character]};`;
  const numbers = `|&#0*${code};|&#x0*${code.toString(16)};`;
  const json = `|\\\\+u${code.toString(16).padStart(4, '0')}`;
  const quote = character === "'" ? "|''|'\\\\+''|'\"'\"'" : character === ' ' ? '|\\+' : '';
  return `(?:\\\\*${literal}|${bytes}${names}${numbers}${json}${quote})`;
}

/**
 * Base64 of the secret at each of the three places that it can have in a longer text (`user:secret`), in both
 * alphabets. Characters that depend on what stands around the secret are left out.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const range = [Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6)] as const;
    return (['base64', 'base64url'] as const).map((alphabet) => padded.toString(alphabet).slice(...range));
  });
}

/** As a path, as a strict path, as a form; hexadecimal digits in both cases. */
function urlForms(value: string): string[] {
  const path = encodeURIComponent(value);
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const strict = path.replaceAll(/[!'()*~]/g, hex);
  const small = (text: string) => text.replaceAll(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase());
  return [path, strict, strict.replaceAll('%20', '+')].flatMap((form) => [form, small(form)]);
}

/** Some writers escape the slash as well. */
function jsonForms(value: string): string[] {
  const form = JSON.stringify(value).slice(1, -1);
  return [form, form.replaceAll('/', '\\/')];
}

/** In single quotes, in double quotes, and with a backslash before whatever a shell reads (`printf %q`). */
function shellForms(value: string): string[] {
  return [
    value.replaceAll("'", "'\\''"),
    value.replaceAll(/["$`\\]/g, '\\$&'),
    value.replaceAll(/[^A-Za-z0-9_@%+=:,./\u0080-\uffff-]/g, '\\$&'),
  ];
}

/** As HTML and XML write it. */
function markupForm(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&${markupNames[character]};`);
}
