import { parseArgs } from 'node:util';
import { polling } from './polling.ts';
import { startup } from './startup.ts';

const usage = `Usage: npm run bench

Measures, each time against its peer in the same run, and prints one JSON object per figure:
bench, ours, peer, ratio, unit, goal (largest ratio), met.
`;

const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
if (values.help) process.stdout.write(usage);
else {
  for (const bench of [startup, polling])
    for await (const figure of bench()) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
