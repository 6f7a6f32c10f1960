import type { StageName } from '../records/common.ts';

const words: Readonly<Record<StageName, string>> = {
  checkout: 'checkout',
  policy: 'policy',
  lint: 'lint',
  needs: 'dependencies',
  pull: 'image pull',
  install: 'install',
  upgrade: 'upgrade',
  backup: 'backup',
  restore: 'restore',
  custom: 'custom tests',
  teardown: 'teardown',
};

/** What people call a stage (stages.md: people read stage names only, never rung names); an unknown one as it is. */
export function stageWords(name: string): string {
  return Object.hasOwn(words, name) ? words[name as StageName] : name;
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
