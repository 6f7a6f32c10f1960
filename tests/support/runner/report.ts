import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { Proof } from '../../proofs.ts';
import { root } from './suite.ts';

export type Proved = {
  readonly proof: string;
  /** Tests that passed. */
  readonly points: number;
  readonly failed: number;
  readonly ms: number;
};

/** `docs/proof.md`: what was proved, when, on which commit and machine. */
export async function renderReport(proofs: readonly Proof[], results: readonly Proved[]): Promise<string> {
  const rows = results.map(({ proof, points, failed, ms }) => {
    const what = proofs.find(({ name }) => name === proof)?.what ?? '';
    return `| ${proof} | ${what} | ${points} | ${failed} | ${(ms / 1000).toFixed(0)} |`;
  });
  return `# Proof

Written by \`npm run prove\`: the same tests as \`npm test\`, at full size. A point is an assertion that passed.

- Date: ${new Date().toISOString().slice(0, 10)}
- Commit: ${commit()}
- Machine: ${machine()}

| proof | shows | points | failed | seconds |
|---|---|--:|--:|--:|
${rows.join('\n')}
`;
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', timeout: 20_000 }).trim();
  try {
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain', '--', '.', ':!docs/proof.md') ? ', with changes' : ''}`;
  } catch {
    return 'unknown (no git repository)';
  }
}

function machine(): string {
  const { model, length } = { model: cpus()[0]?.model ?? 'unknown processor', length: cpus().length };
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  return `${system}, Linux ${release()}, ${length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}
