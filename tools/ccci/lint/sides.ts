import type { Discovery } from '@ccci/lib/plan/discover.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { RunLimits } from '@ccci/lib/recipe/run-limits.ts';
import { overlayPaths, type Prepared, prepareStack } from '@ccci/lib/stages/prepare.ts';
import type { Finding } from './finding.ts';

/** Any name does: nothing of it is deployed, and it is the same for both sides. */
const domain = 'lint.ccci.test';
export const stack = 'lint_ccci_test';

export type SideOptions = { readonly limits: RunLimits | undefined; readonly signal: AbortSignal };

/** One commit as a run would render and judge it. What cannot be rendered is a `Failure` 65. */
export async function prepareSide(
  discovery: Discovery,
  side: 'head' | 'base',
  { limits, signal }: SideOptions,
): Promise<Prepared> {
  const { plan, head, base, settings } = discovery;
  const context = {
    ...{ domain, stack, network: `${stack}_run`, owner: 'lint', settings, limits, signal, discovery },
    trigger: plan.trigger,
    ingress: { kind: 'direct' as const },
    directory: { id: 'lint' },
  };
  const dir = side === 'head' ? head : (base ?? head);
  const ref = side === 'head' ? plan.ref : (plan.base?.ref ?? plan.ref);
  return await prepareStack(context, { dir, ref, overlays: overlayPaths(context, side) });
}

/** The stack under test and what the policy refuses of it; null where it cannot be rendered, which is a finding. */
export async function findPolicy(
  discovery: Discovery,
  options: SideOptions,
): Promise<{ readonly prepared: Prepared | null; readonly findings: readonly Finding[] }> {
  try {
    const prepared = await prepareSide(discovery, 'head', options);
    return { prepared, findings: prepared.refusals.map((refusal) => refused(refusal)) };
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== exitStatus.badInput) throw error;
    const finding = { rule: 'render', message: error.message, todo: error.hint ?? null } as const;
    return { prepared: null, findings: [{ file: null, line: null, level: 'error', ...finding }] };
  }
}

function refused({ message, allowLine }: Prepared['refusals'][number]): Finding {
  const [, file = null, line = '', rest = message] = /^([^\s:]+):(\d+): (.*)$/s.exec(message) ?? [];
  const words = rest.replace(/; the operator can permit it in recipe\.yml: .*$/s, '');
  const todo = `leave it out; or the operator permits it in tests/<recipe>/recipe.yml: ${allowLine}`;
  return {
    ...{ file, line: line === '' ? null : Number(line), level: 'error' },
    ...{ rule: 'policy', message: words, todo },
  };
}
