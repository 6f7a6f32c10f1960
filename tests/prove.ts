import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from '@ccci/lib/program/failure.ts';
import { type Proof, proofs } from './proofs.ts';
import { explain } from './support/runner/explain.ts';
import { findTests } from './support/runner/find.ts';
import { interruptSignal } from './support/runner/interrupt.ts';
import { type Proved, renderReport } from './support/runner/report.ts';
import { root, runSuite } from './support/runner/suite.ts';

const usage = `Usage: npm run prove [-- --list | NAME ...]

Runs the proofs, all or the named ones, at full size (CCCI_SCALE=full): long. Prints one JSON object per proof:
proof, points (tests that passed), failed, ms. When all were run, writes docs/proof.md.

  --list   the proofs and what they show
Exit status: 0; 1 when a point failed or a proof has none; 64 usage; 130, 143 interrupted.
`;

const signal = interruptSignal();
process.exitCode = await main().catch((error) => explain('prove', error));

async function main(): Promise<number> {
  const options = { help: { type: 'boolean' }, list: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return print(usage);
  if (values.list) return print(proofs.map(({ name, what }) => `${name.padEnd(10)} ${what}\n`).join(''));
  const results: Proved[] = [];
  for (const proof of choose(positionals)) {
    const proved = await prove(proof);
    if (signal.aborted) return Number(signal.reason);
    print(`${JSON.stringify({ ...proved, proof: proof.name })}\n`);
    results.push(proved);
  }
  if (results.length === proofs.length) await writeReport(results);
  return results.every(({ points, failed }) => points > 0 && failed === 0) ? 0 : 1;
}

function choose(names: readonly string[]): readonly Proof[] {
  const unknown = names.find((name) => !proofs.some((proof) => proof.name === name));
  if (unknown === undefined)
    return names.length > 0 ? proofs.filter(({ name }) => names.includes(name)) : proofs;
  const known = proofs.map(({ name }) => name).join(', ');
  throw new Failure(64, 'no-such-proof', `there is no proof ${JSON.stringify(unknown)}`, {
    hint: `there are: ${known}`,
  });
}

async function prove({ name, files, what }: Proof): Promise<Proved> {
  process.stderr.write(`prove: ${name}: ${what}\n`);
  const startedAt = performance.now();
  const total = await runSuite({
    files: await findTests(files),
    hasChecks: false,
    scale: 'full',
    isVerbose: false,
    write: (text) => process.stderr.write(text),
    signal,
  });
  return {
    proof: name,
    points: total.passed,
    failed: total.failed,
    ms: Math.round(performance.now() - startedAt),
  };
}

async function writeReport(results: readonly Proved[]): Promise<void> {
  await mkdir(join(root, 'docs'), { recursive: true });
  await writeFile(join(root, 'docs', 'proof.md'), await renderReport(proofs, results));
  process.stderr.write('prove: written to docs/proof.md\n');
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
