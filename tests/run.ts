import { parseArgs } from 'node:util';
import { explain } from './support/runner/explain.ts';
import { findTests } from './support/runner/find.ts';
import { interruptSignal } from './support/runner/interrupt.ts';
import { renderTally } from './support/runner/render.ts';
import { runSuite } from './support/runner/suite.ts';
import { newTally, type Tally } from './support/runner/tally.ts';

const usage = `Usage: npm test [-- FILE|FOLDER|PATTERN ...]

Runs biome, tsc and all tests/**/*.test.ts, or just the named tests, two files at a time, each in a private Docker engine.
The last line is the count: N passed, N failed, N skipped; a test is an assertion (tests/support/runner/tally.ts).

CCCI_SCALE=small|full   how much is tried where a test can do more or less (small)
CCCI_NIXPKGS=PATH       a nixpkgs for tests/nixos instead of the stand-in; CCCI_NIXPKGS_LIB=PATH: its lib alone
Exit status: 0; 1 when anything failed or nothing ran; 64 usage; 130, 143 interrupted.
`;

const signal = interruptSignal();
process.exitCode = await main();

async function main(): Promise<number> {
  const startedAt = performance.now();
  const scale = process.env.CCCI_SCALE || 'small';
  let total: Tally = newTally();
  let status: number;
  try {
    const { values, positionals } = parseArgs({
      options: { help: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (values.help) return print(usage, 0);
    if (scale !== 'small' && scale !== 'full')
      return print(`CCCI_SCALE is ${scale}; expected small or full\n`, 64);
    const isNamed = positionals.length > 0;
    const files = await findTests(positionals);
    total = await runSuite({ files, hasChecks: !isNamed, scale, isVerbose: isNamed, write: print, signal });
    status = total.failed > 0 || total.passed === 0 ? 1 : 0;
  } catch (error) {
    status = explain('test', error);
    total.failed += 1;
  }
  print(`\nproof size: ${scale}; ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  if (signal.aborted) print('interrupted: not all tests ran\n');
  return print(`${renderTally(total)}\n`, signal.aborted ? Number(signal.reason) : status);
}

function print(text: string, status = 0): number {
  process.stdout.write(text);
  return status;
}
