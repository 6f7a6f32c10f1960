import { join } from 'node:path';
import { type Box, startBox } from '../engine/box.ts';
import type { EngineDeath } from '../engine/death.ts';
import { importImages } from '../engine/images.ts';
import { type CheckOptions, type Outcome, runCheck, runFile } from './file.ts';
import { renderOutcome } from './render.ts';
import { addTally, newTally, type Tally } from './tally.ts';

export type SuiteOptions = {
  /** Test files, relative to the repository. */
  readonly files: readonly string[];
  /** Also biome and tsc, as two tests. */
  readonly hasChecks: boolean;
  /** How much is tried where a test can do more or less: `CCCI_SCALE` for the tests. */
  readonly scale: string;
  readonly isVerbose: boolean;
  /** Gets the text for people. */
  readonly write: (text: string) => void;
  /** Ends the suite: running files are stopped, the rest does not start. */
  readonly signal: AbortSignal;
};

/** Two cores are what a small machine has; the engine's own work comes on top. */
const jobs = 2;
const timeoutMs = 900_000;
export const root = join(import.meta.dirname, '..', '..', '..');

/**
 * Runs test files, two at a time, each of the two lanes in a box of its own, and says what came of each as soon as it is
 * known. After a file that failed its lane gets another box: a stack that a killed file leaves would go on crashing and
 * starting, and slow down all that follows. A file whose engine crashed is run once more, and its line says so: a panic of
 * dockerd tells nothing of ccci, and what ccci does when it loses its engine has tests of its own.
 */
export async function runSuite(options: SuiteOptions): Promise<Tally> {
  const { files, hasChecks, isVerbose, write, signal } = options;
  const total = newTally();
  const fileOptions = { root, env: cleanEnv(options.scale), timeoutMs, signal };
  const queue: Work[] = [
    ...(hasChecks ? checks(fileOptions) : []),
    ...files.map((file) => (box: Box) => runFile(file, { ...fileOptions, box })),
  ];
  const report = (outcome: Outcome) => {
    addTally(total, outcome.tally);
    write(renderOutcome(outcome, isVerbose));
  };
  const lanes = Array.from({ length: Math.min(jobs, queue.length) }, () => runLane(queue, signal, report));
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === 'rejected') throw lane.reason;
  return total;
}

type Work = (box: Box) => Promise<Outcome>;

function checks(options: CheckOptions): Work[] {
  const bin = (name: string) => join(root, 'node_modules', '.bin', name);
  return [
    () => runCheck('biome check', [bin('biome'), 'check', '.'], options),
    () => runCheck('tsc --noEmit', [bin('tsc'), '--noEmit', '-p', '.'], options),
  ];
}

/** Takes work until there is none; a lane that cannot have a box takes no more, and the other one goes on. */
async function runLane(queue: Work[], signal: AbortSignal, report: (outcome: Outcome) => void) {
  let box: Box | undefined;
  try {
    for (let work = queue.shift(); work && !signal.aborted; work = queue.shift()) {
      box ??= await newBox();
      let outcome = await work(box);
      if (outcome.death?.isCrash) {
        await box.stop();
        box = await newBox();
        outcome = afterCrash(outcome.death, await work(box));
      }
      report(outcome);
      if (outcome.tally.failed === 0) continue;
      await box.stop();
      box = undefined;
    }
  } finally {
    await box?.stop();
  }
}

async function newBox(): Promise<Box> {
  const box = await startBox();
  await importImages(box);
  return box;
}

/** The outcome of the second run of a file, which says why there was a first. */
function afterCrash({ words }: EngineDeath, outcome: Outcome): Outcome {
  const told = `run again in another box, as the engine crashed under it: ${words}`;
  return {
    ...outcome,
    tally: { ...outcome.tally, comments: [...told.split('\n'), ...outcome.tally.comments] },
  };
}

/** Without the user's own ccci and Docker settings, but with what is meant for tests: a test says what it needs. */
function cleanEnv(scale: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(CCCI|DOCKER|TAP|GIT)_/.test(name) ||
      /^CCCI_(BIN|CASES|(?:CASES|CORPUS|DOCS)_UPDATE|GITEA_SWAGGER|NIXPKGS(?:_LIB)?|SYSTEM_NODE|PROOF_\w+)$/.test(
        name,
      ),
  );
  return { ...Object.fromEntries(kept), CCCI_SCALE: scale };
}
