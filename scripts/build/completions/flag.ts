import type { Words } from './programs.ts';

/** A flag, as shells want to know it. */
export type Flag = {
  readonly name: string;
  readonly description: string;
  /** What a value is called; null for a flag without one. */
  readonly value: string | null;
  /** Which names of the disk a value is. */
  readonly paths: 'folders' | 'files' | null;
};

export function flagsOf({ flags }: Words): readonly Flag[] {
  return Object.entries(flags)
    .filter(([, { type }]) => type !== 'positional')
    .map(([name, definition]) => {
      const value =
        definition.type === 'boolean' ? null : ((definition as { valueHint?: string }).valueHint ?? 'VALUE');
      // What is on already can only be turned off.
      const isOn = definition.type === 'boolean' && definition.default === true;
      const paths = value === 'DIR' ? 'folders' : value === 'FILE' ? 'files' : null;
      const description = definition.description ?? '';
      return { name: isOn ? `no-${name}` : name, description, value, paths };
    });
}

/** True where a word may stand that is no flag: a checkout, mostly. */
export function takesWord({ flags }: Words): boolean {
  return Object.values(flags).some(({ type }) => type === 'positional');
}
