import type { Page } from 'playwright-core';
import { within } from './within.ts';

/** What a page shows in words, all its frames together. */
export type Look = {
  readonly text: string;
  /** A field for a password that is filled in. */
  readonly hasPassword: boolean;
};

/** A page with more text than this, in characters, cannot be searched. */
const mostText = 1_000_000;

/** Reads what can be read on a page; an error where it does not let itself be read. */
export async function look(page: Page, lookMs: number): Promise<Look> {
  const reading = Promise.all(page.frames().map((frame) => frame.evaluate<Look>(readFrame)));
  const looks = await within(reading, lookMs, 'reading the page');
  const text = looks.map((one) => one.text).join('\n');
  if (text.length > mostText) throw new Error('the page has more text than can be searched for secrets');
  return { text, hasPassword: looks.some((one) => one.hasPassword) };
}

/** Runs in the page. What stands in fields and in shadow trees is on the screen as well. */
const readFrame = `(() => {
  const texts = [document.title];
  let hasPassword = false;
  const readTree = (root, tops) => {
    for (const top of tops) texts.push(top.innerText ?? top.textContent ?? '');
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) readTree(element.shadowRoot, element.shadowRoot.children);
      if (typeof element.value !== 'string') continue;
      if (element.type === 'password') hasPassword ||= element.value !== '';
      else texts.push(element.value, element.placeholder ?? '');
    }
  };
  readTree(document, [document.documentElement]);
  return { text: texts.join('\\n'), hasPassword };
})()`;
