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

/** Masks secrets in plain, base64, URL, JSON and shell form; longest first, so that no part of one stays behind. */
export function makeMasker(): Masker {
  let forms: string[] = [];
  return {
    add: (secret) => {
      forms = [...new Set([...forms, ...formsOf(secret)])].sort((a, b) => b.length - a.length);
    },
    mask: (text) => forms.reduce((masked, form) => masked.replaceAll(form, mark), text),
    finds: (text) => forms.some((form) => text.includes(form)),
  };
}

function formsOf(secret: string): string[] {
  const value = secret.trim();
  if (value.length < shortestSecret) return [];
  const base64 = Buffer.from(value).toString('base64');
  return [
    value,
    // The end of base64 depends on what follows the secret, so only the part that does not is looked for.
    base64.replace(/=+$/, '').slice(0, Math.max(8, Math.floor((value.length * 4) / 3) - 1)),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll("'", "'\\''"),
  ].filter((form) => form.length >= shortestSecret);
}
