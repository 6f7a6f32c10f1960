/** Shortest text that is taken for a secret; shorter ones would mask half of every log (security.md, row secrets). */
const shortestSecret = 6;
const mark = '***';

export type Masker = {
  /** From now on this value is masked, in all its usual forms. */
  readonly add: (secret: string) => void;
  readonly mask: (text: string) => string;
  /** Whether the text holds a secret in any form: for the scan of artefacts. */
  readonly finds: (text: string) => boolean;
};

/**
 * Masks secrets in plain, base64, URL, JSON and shell form. All of them are found before one is masked: where two
 * overlap, or one holds another, nothing of either stays behind.
 */
export function makeMasker(): Masker {
  const forms = new Set<string>();
  return {
    add: (secret) => {
      for (const form of formsOf(secret)) forms.add(form);
    },
    mask: (text) => cover(text, findAll(text, forms)),
    finds: (text) => [...forms].some((form) => text.includes(form)),
  };
}

type Range = { readonly start: number; readonly end: number };

function findAll(text: string, forms: ReadonlySet<string>): Range[] {
  const found: Range[] = [];
  for (const form of forms) {
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
      found.push({ start, end: start + form.length });
    }
  }
  return found.sort((a, b) => a.start - b.start);
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
function formsOf(secret: string): string[] {
  // A lone surrogate has no UTF-8 form, and encodeURIComponent throws at it.
  const value = Buffer.from(secret.trim()).toString();
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const wholes = lines.length === 1 ? [value] : [value, ...lines];
  return wholes
    .filter((whole) => whole.length >= shortestSecret)
    .flatMap((whole) => [
      whole,
      ...base64Forms(whole),
      ...urlForms(whole),
      ...jsonForms(whole),
      shellForm(whole),
    ]);
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

function shellForm(value: string): string {
  return value.replaceAll("'", "'\\''");
}
