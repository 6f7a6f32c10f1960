import glob from 'fast-glob';
import { exitStatus, Failure } from '../program/failure.ts';
import { didYouMean } from '../program/nearest.ts';
import type { Plan } from '../records/plan.ts';

/** What a file in `hooks/` may be called; source: stages.md, Settings and hooks of a recipe. */
export const hookNames: readonly string[] = [
  'install',
  'seed',
  'mutate',
  'check',
  'ready',
  'backup-verify',
  'provide',
  'revoke',
  ...['install', 'upgrade', 'backup', 'restore', 'custom', 'lint'].map((stage) => `pre-${stage}`),
];

/**
 * Finds the hooks of a recipe's folder. A name that is no hook, or a file that cannot be started, is a `Failure`
 * `bad-hook`: a hook that silently never runs is worse than none (D4).
 */
export async function findHooks(folder: string): Promise<Plan['hooks']> {
  const entries = await glob('hooks/*', { cwd: folder, onlyFiles: true, stats: true, ignore: ['hooks/_*'] });
  const files = entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return files.map(({ path, stats }) => {
    const name = path.slice('hooks/'.length);
    if (!hookNames.includes(name)) {
      throw refuse(
        `${folder}/${path}: unknown hook ${name}${didYouMean(name, hookNames)}`,
        hookNames.join(', '),
      );
    }
    if (((stats?.mode ?? 0) & 0o111) === 0) {
      throw refuse(`${folder}/${path} is not executable`, `chmod +x ${path}`);
    }
    return { name, file: path, origin: 'operator' as const };
  });
}

function refuse(message: string, hint: string): Failure {
  return new Failure(exitStatus.badInput, 'bad-hook', message, { hint });
}
