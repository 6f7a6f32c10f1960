import type { Store } from './store.ts';

/** What is waited for, in words, and for how long at most. */
export type Wait = { readonly timeoutMs?: number; readonly what: string };

/**
 * Gives the first value of `look` that is not false, null or undefined; it looks now and at every change of the
 * forge. After `timeoutMs` (a minute unless told) it fails and says what it waited for.
 */
export function waitFor<T>(store: Store, look: () => T, { timeoutMs = 60_000, what }: Wait): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      store.events.off('change', check);
      finish();
    };
    const check = () => {
      try {
        const value = look();
        if (value !== false && value !== null && value !== undefined) settle(() => resolve(value));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const timer = setTimeout(
      () => settle(() => reject(new Error(`waited ${timeoutMs} ms for ${what}, in vain`))),
      timeoutMs,
    );
    store.events.on('change', check);
    check();
  });
}
