import { loadConfig } from '@ccci/lib/config/load.ts';
import type { CheckState } from '@ccci/lib/doctor/check.ts';
import { judgeMachine, worst } from '@ccci/lib/doctor/judge.ts';
import { readFacts } from '@ccci/lib/doctor/read-facts.ts';
import { paint } from '@ccci/lib/pages/paint.ts';
import { type ExitStatus, exitStatus } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { doctorTable } from './table.ts';

const statuses: Readonly<Record<CheckState, ExitStatus>> = {
  ok: exitStatus.ok,
  partly: exitStatus.red,
  missing: exitStatus.unavailable,
};

/** `ccci doctor`: looks at this machine and its engine, and changes nothing. */
export async function runDoctor(io: ProgramIo): Promise<void> {
  const config = await loadConfig({ section: 'stage', ...io });
  const facts = await readFacts({
    env: io.env,
    isRoot: io.isRoot,
    node: process.version,
    dockerHost: config.stage.dockerHost ?? io.env.DOCKER_HOST,
    runs: config.runs,
    needed: config.stage,
  });
  const checks = judgeMachine(facts);
  const paints = paint(io.outputIsTerminal && !io.env.NO_COLOR);
  const state = worst(checks);
  const text =
    io.flags.json === true ? asJson(state, checks) : doctorTable(checks, paints, io.outputColumns());
  await io.output.text(text);
  io.outcome.note(statuses[state]);
}

function asJson(state: CheckState, checks: ReturnType<typeof judgeMachine>): string {
  return `${JSON.stringify({ state, checks }, undefined, 2)}\n`;
}
