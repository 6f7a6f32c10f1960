import { visible } from '../program/visible.ts';

/** Markup that is safe as it is: made by `html` alone. */
export type Markup = { readonly text: string; readonly isMarkup: true };

type Value = string | number | Markup | readonly Markup[];

/** A template whose values are escaped, all of them, unless they are markup themselves (security.md, row pages). */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const text = parts.map(
    (part, index) => `${part}${index < values.length ? show(values[index] as Value) : ''}`,
  );
  return { text: text.join(''), isMarkup: true };
}

/** Nothing, for what is not there. */
export const nothing: Markup = { text: '', isMarkup: true };

function show(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeText(value);
  if (Array.isArray(value)) return value.map((one) => one.text).join('');
  return (value as Markup).text;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
