import { join } from 'node:path';
import { startBox } from '../engine/box.ts';
import { importImages } from '../engine/images.ts';
import { type FileOptions, type Outcome, runCheck, runFile } from './file.ts';
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

/** Runs test files in one box with images, two at a time, and says what came of each as soon as it is known. */
export async function runSuite(options: SuiteOptions): Promise<Tally> {
  const { files, hasChecks, isVerbose, write, signal } = options;
  const total = newTally();
  const box = await startBox();
  try {
    await importImages(box);
    const fileOptions = { root, box, env: cleanEnv(options.scale), timeoutMs, signal };
    const works = [
      ...(hasChecks ? checks(fileOptions) : []),
      ...files.map((file) => () => runFile(file, fileOptions)),
    ];
    await runSome(works, jobs, signal, (outcome) => {
      addTally(total, outcome.tally);
      write(renderOutcome(outcome, isVerbose));
    });
  } finally {
    await box.stop();
  }
  return total;
}

type Work = () => Promise<Outcome>;

function checks(options: FileOptions): Work[] {
  const bin = (name: string) => join(root, 'node_modules', '.bin', name);
  return [
    () => runCheck('biome check', [bin('biome'), 'check', '.'], options),
    () => runCheck('tsc --noEmit', [bin('tsc'), '--noEmit', '-p', '.'], options),
  ];
}

async function runSome(
  works: Work[],
  atOnce: number,
  signal: AbortSignal,
  onOutcome: (outcome: Outcome) => void,
) {
  const queue = [...works];
  const worker = async () => {
    for (let work = queue.shift(); work && !signal.aborted; work = queue.shift()) onOutcome(await work());
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Without the user's own ccci and Docker settings, but with what is meant for tests: a test says what it needs. */
function cleanEnv(scale: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(CCCI|DOCKER|TAP|GIT)_/.test(name) ||
      /^CCCI_((?:CASES|CORPUS)_UPDATE|GITEA_SWAGGER|SYSTEM_NODE|PROOF_\w+)$/.test(name),
  );
  return { ...Object.fromEntries(kept), CCCI_SCALE: scale };
}
