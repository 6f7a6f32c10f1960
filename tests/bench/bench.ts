import { parseArgs } from 'node:util';
import { accept } from './accept.ts';
import { dedupeKnown } from './dedupe-known.ts';
import type { Figure } from './figure.ts';
import { idleMemory } from './idle-memory.ts';
import { moduleEvaluation } from './module-evaluation.ts';
import { pages } from './pages.ts';
import { pathActivation } from './path-activation.ts';
import { pending } from './pending.ts';
import { polling } from './polling.ts';
import { seenStart } from './seen-start.ts';
import { slots } from './slots.ts';
import { stageMemory } from './stage-memory.ts';
import { startup } from './startup.ts';
import { verdictLatency } from './verdict-latency.ts';
import { wholeLife } from './whole-life.ts';

const benches: Readonly<Record<string, () => AsyncGenerator<Figure>>> = {
  startup,
  'dedupe-known': dedupeKnown,
  'seen-start': seenStart,
  accept,
  polling,
  pending,
  'whole-life': wholeLife,
  'stage-memory': stageMemory,
  'verdict-latency': verdictLatency,
  slots,
  pages,
  'idle-memory': idleMemory,
  'module-evaluation': moduleEvaluation,
  'path-activation': pathActivation,
};

const usage = `Usage: npm run bench [-- NAME ... | --list]

Measures, each time against its peer in the same run or against a limit, and prints one JSON object per figure:
bench, ours, peer, ratio, unit, against (what the peer is), goal (largest ratio), met.

Benches: ${Object.keys(benches).join(', ')}; all of them when none is named.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean' }, list: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) return print(usage);
  if (values.list) return print(`${Object.keys(benches).join('\n')}\n`);
  const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0) {
    process.stderr.write(`bench: there is no bench ${unknown.join(', ')}; see --list\n`);
    return 64;
  }
  for (const [name, measure] of Object.entries(benches)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    for await (const figure of measure()) print(`${JSON.stringify(figure)}\n`);
  }
  return 0;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
