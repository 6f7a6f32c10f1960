import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { headOf } from '@ccci/lib/git/resolve.ts';
import { type Discovery, discover } from '@ccci/lib/plan/discover.ts';
import { Failure } from '@ccci/lib/program/failure.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import { fillTrigger } from '@ccci/lib/records/fill.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Finding } from './finding.ts';

export type LookOptions = {
  readonly testsDir: string;
  /** A folder of ours, gone at the end. */
  readonly scratch: string;
  readonly stamping: Stamping;
  readonly signal: AbortSignal;
};

/** Codes of what is wrong in the operator's tree of tests: the recipe can be looked at without it. */
const ofTree: readonly string[] = ['bad-settings', 'bad-hook', 'stale-overlay'];

/**
 * What a run of this folder would do, as it is now; what is wrong in the operator's tree is a finding, and the rest is
 * looked at without that tree.
 */
export async function lookAt(
  dir: string,
  options: LookOptions,
): Promise<{ readonly discovery: Discovery; readonly findings: readonly Finding[] }> {
  const trigger = await triggerOf(dir, options);
  try {
    const discovery = await plan(trigger, options.testsDir, 'with', options);
    return { discovery, findings: planned(discovery) };
  } catch (error) {
    if (!(error instanceof Failure) || !ofTree.includes(error.code)) throw error;
    const none = join(options.scratch, 'no-tests');
    await mkdir(none);
    const discovery = await plan(trigger, none, 'without', options);
    return { discovery, findings: broken(error) };
  }
}

async function triggerOf(dir: string, { stamping, signal }: LookOptions): Promise<Trigger> {
  const line = { type: 'trigger', repo: dir, worktree: true, ref: await headOf(dir, signal) };
  const random = () => '0000';
  return fillTrigger(line, { now: stamping.now, random, cwd: '/' }) as unknown as Trigger;
}

function plan(trigger: Trigger, testsDir: string, name: string, options: LookOptions): Promise<Discovery> {
  const { scratch, stamping, signal } = options;
  const into = join(scratch, name, basename(trigger.repo));
  return discover(trigger, { into, testsDir, allowLocal: true, forgeUrls: [], stamping, signal });
}

/** What the plan warns of, and what it knows it could not run. */
function planned({ plan }: Discovery): Finding[] {
  const warned = plan.warnings.map((message) => ({ message, todo: null }));
  const unver = plan.stages
    .filter(({ does }) => does === 'unver')
    .map(({ name, reason }) => ({ message: `${name} would be "not run": ${reason}`, todo: null }));
  return [...warned, ...unver].map((one) => ({
    ...{ file: null, line: null, level: 'warning' as const, rule: 'plan' },
    ...one,
  }));
}

/** All problems of a file of settings come in one sentence; here each is a finding, with what to do below the last. */
function broken({ message, hint, code }: Failure): Finding[] {
  const [, file = null, words = message] = /^(\/[^:]+): (.*)$/s.exec(message) ?? [];
  const rule = code === 'bad-settings' ? 'settings' : code.replace('bad-', '');
  const problems = code === 'bad-settings' ? words.split(/; (?!did you mean )/) : [words];
  return problems.map((problem, index) => {
    const todo = index === problems.length - 1 ? (hint ?? null) : null;
    return { file, line: null, level: 'error', rule, message: problem, todo };
  });
}
