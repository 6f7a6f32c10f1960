import { byCodeUnit, composeFiles } from '../recipe/compose.ts';
import { expandEnv } from '../recipe/env-file.ts';
import type { DeployCall } from '../swarm/deploy.ts';
import type { RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';

/** Keeps what an operator must do to upgrade, each once: `jwt-secret` and `jwt_secret` are the same secret. */
export function noteForOperator({ scratch }: Pick<RunContext, 'scratch'>, notes: readonly string[]): void {
  const plain = (note: string) => note.replaceAll('-', '_');
  for (const note of notes)
    if (!scratch.operator.some((one) => plain(one) === plain(note))) scratch.operator.push(note);
}

/** Compose files that the sample of the commit takes in and that of the base did not: an operator's `.env` has them not. Pure. */
export function newInCompose(
  base: Pick<Prepared, 'entries'>,
  next: Pick<Prepared, 'entries' | 'env'>,
): string[] {
  const [before, after] = [base, next].map(({ entries }) => composeFiles(expandEnv(entries)));
  const known = new Set([...(before ?? []), ...composeFiles(next.env)]);
  return (after ?? []).filter((file) => !known.has(file)).map((file) => `new in COMPOSE_FILE: ${file}`);
}

/** What an upgrade takes away or leaves behind: services that it removed (L34), volumes that nobody uses any more. */
export function noteLeftBehind(
  context: Pick<RunContext, 'scratch'>,
  base: Pick<Prepared, 'rendered'>,
  next: Pick<Prepared, 'rendered'>,
  { dropped }: Pick<DeployCall, 'dropped'>,
): void {
  const volumesOf = ({ rendered }: Pick<Prepared, 'rendered'>) => Object.keys(rendered.volumes ?? {});
  const used = new Set(volumesOf(next));
  const left = volumesOf(base)
    .filter((key) => !used.has(key))
    .sort(byCodeUnit);
  noteForOperator(context, [
    ...[...dropped].sort(byCodeUnit).map((name) => `service removed: ${name}`),
    ...left.map((key) => `volume no longer used, its data stays: ${key}`),
  ]);
}
