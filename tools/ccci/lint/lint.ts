import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { readInside } from '@ccci/lib/stages/read-inside.ts';
import { checkClient } from '@ccci/lib/swarm/check.ts';
import { findRecipe } from '../test/folder.ts';
import { sayChanges } from './changes.ts';
import { type Finding, inOrder, printFinding } from './finding.ts';
import { lookAt } from './look.ts';
import { findRules } from './rules.ts';
import { findPolicy } from './sides.ts';

/** `ccci lint`: all that can be said of a checkout without an engine, as a compiler says it. */
export async function runLint(io: ProgramIo): Promise<void> {
  const config = await loadConfig({ section: 'stage', ...io });
  const dir = await findRecipe(typeof io.flags.target === 'string' ? io.flags.target : '.', io.cwd);
  const scratch = await mkdtemp(join(tmpdir(), 'ccci-lint-'));
  try {
    const options = {
      testsDir: resolve(io.cwd, config.testsDir),
      ...{ scratch, stamping: { by: io.by, now: () => new Date() }, signal: io.stopping },
      limits: config.stage.limits,
    };
    const { findings, changes } = await look(dir, options, io);
    const ordered = inOrder(findings.map((one) => placed(one, dir, io.cwd)));
    await io.output.text(ordered.map(printFinding).join(''));
    await io.output.text(`${changes ?? ''}${conclusion(findings, changes !== null)}`);
    if (findings.some(({ level }) => level === 'error')) io.outcome.note(exitStatus.red);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Options = Parameters<typeof lookAt>[1] & Parameters<typeof findPolicy>[1];

/** `changes` is null where there is no client to judge the policy with. */
async function look(
  dir: string,
  options: Options,
  io: ProgramIo,
): Promise<{ readonly findings: readonly Finding[]; readonly changes: string | null }> {
  const { discovery, findings } = await lookAt(dir, options);
  const names = (await readdir(discovery.head)).filter((name) => /^compose.*\.ya?ml$/.test(name)).sort();
  const composeFiles = await Promise.all(
    names.map(async (name) => ({ name, text: (await readInside(discovery.head, name)) ?? '' })),
  );
  const ruled = await findRules({ dir: discovery.head, tags: discovery.checkout.tags, composeFiles });
  const missing = await whyNoClient(io);
  if (missing !== null) {
    io.log.warning(`the policy and what changes are left out: ${missing} (see ccci doctor)`);
    return { findings: [...findings, ...ruled], changes: null };
  }
  const judged = await findPolicy(discovery, options);
  const changes = judged.prepared === null ? '' : await sayChanges(discovery, judged.prepared, options);
  return { findings: [...findings, ...ruled, ...judged.findings], changes };
}

async function whyNoClient({ env }: ProgramIo): Promise<string | null> {
  try {
    await checkClient(env);
    return null;
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== exitStatus.unavailable) throw error;
    return error.message;
  }
}

/** As the person who asked would open it. */
function placed(finding: Finding, dir: string, cwd: string): Finding {
  if (finding.file === null) return finding;
  const file = isAbsolute(finding.file) ? finding.file : join(dir, finding.file);
  const near = relative(cwd, file);
  return { ...finding, file: near.startsWith('..') ? file : near };
}

/** What it comes to; where no client judged the policy, that is not said to be ok. */
function conclusion(findings: readonly Finding[], isWhole: boolean): string {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.length - errors;
  const counted = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const words =
    errors > 0 ? 'to be mended' : isWhole ? 'ok' : 'ok but for the policy, which was not looked at';
  return `${words}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`;
}
