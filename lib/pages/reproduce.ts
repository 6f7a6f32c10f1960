import { visible } from '../program/visible.ts';
import type { RunView } from './view.ts';

/**
 * The one line that does the same at home (product.md, U1): `ccci test https://…/pulls/3 --ref 720faa…`. Null where no
 * record says what was tested. Fit for a POSIX shell. Pure.
 */
export function reproduceLine({ trigger }: RunView): string | null {
  if (trigger === null) return null;
  const { pr, repo, ref, options, worktree } = trigger;
  // Of a folder with uncommitted files the commit alone would be something else.
  const commit = worktree === true ? [] : ['--ref', ref];
  const part = [
    ...(options.quick === true ? ['--quick'] : []),
    ...(options.stages === undefined ? [] : ['--stages', options.stages.join(',')]),
  ];
  return ['ccci', 'test', pr?.url ?? repo, ...commit, ...part].map(quote).join(' ');
}

function quote(word: string): string {
  const shown = visible(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
