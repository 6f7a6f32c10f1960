import { join } from 'node:path';
import { bashCompletions } from './completions/bash.ts';
import { fishCompletions } from './completions/fish.ts';
import { readCommandLine } from './completions/programs.ts';
import { zshCompletions } from './completions/zsh.ts';
import { fillFolder } from './folder.ts';

/** Fills `dist/share` with completions for bash, zsh and fish, in the folders where each of them looks. */
export async function buildCompletions(root: string, dist: string): Promise<void> {
  const line = await readCommandLine(root);
  const share = join(dist, 'share');
  await fillFolder(join(share, 'bash-completion', 'completions'), bashCompletions(line), 0o644);
  await fillFolder(join(share, 'zsh', 'site-functions'), zshCompletions(line), 0o644);
  await fillFolder(join(share, 'fish', 'vendor_completions.d'), fishCompletions(line), 0o644);
}
