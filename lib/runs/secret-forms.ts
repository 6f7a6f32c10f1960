/** Shortest text that is taken for a secret; shorter ones would mask half of every log (security.md, row secrets). */
const shortestSecret = 6;
/** So much of a secret's begin or end tells too much, and is hardly something else. */
const tellingPart = 10;

const markupNames: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": '#39',
};

/** A secret of many lines (a key) is looked for line by line too: logs come as lines. */
export function wholesOf(secret: string): string[] {
  // A lone surrogate has no UTF-8 form, and encodeURIComponent throws at it.
  const value = Buffer.from(secret.trim()).toString();
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const wholes = lines.length === 1 ? [value] : [value, ...lines];
  return wholes.filter((whole) => whole.length >= shortestSecret);
}

/** The usual forms of a secret: plain, base64, URL, JSON, shell, HTML. Pure. */
export function formsOf(secret: string): string[] {
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
export function anyEscape(value: string): RegExp {
  // Of a secret that is little but quotes, nothing would be left to look for.
  const eats = value.replaceAll(/["'\\]/g, '').length >= shortestSecret;
  return new RegExp([...value].map((character) => anyWriting(character, eats)).join(''), 'gi');
}

/**
 * The least of a secret's begin and of its end that is looked for: programs shorten what they print (`abc…xyz`), and what
 * is written in pieces comes as lines of its own. Null for a secret that is too short to be told by a part. Pure.
 */
export function ends(secret: string): { readonly begin: string; readonly end: string } | null {
  const length = Math.max(tellingPart, Math.ceil(secret.length / 3));
  if (secret.length < length + 4) return null;
  return { begin: secret.slice(0, length), end: secret.slice(-length) };
}

function anyWriting(character: string, eats: boolean): string {
  const literal = character.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const bytes = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  if (/[\p{L}\p{N}]/u.test(character)) return `(?:${literal}|${bytes})`;
  const code = character.codePointAt(0) ?? 0;
  const names = markupNames[character] === undefined ? '' : `|&${markupNames[character]};`;
  const numbers = `|&#0*${code};|&#x0*${code.toString(16)};`;
  const json = `|\\\\+u${code.toString(16).padStart(4, '0')}`;
  // A shell eats quotes and backslashes.
  const eaten = eats && /["'\\]/.test(character) ? '?' : '';
  const quote = character === "'" ? "|''|'\\\\+''|'\"'\"'" : character === ' ' ? '|\\+' : '';
  return `(?:\\\\*${literal}|${bytes}${names}${numbers}${json}${quote})${eaten}`;
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
