import { outputsOf, readRecording, recordings } from './outputs.ts';

/** Prints what is made of all recordings, one JSON object: for tests that start it somewhere and some time else. */
const all: Record<string, unknown> = {};
for (const name of recordings) all[name] = await outputsOf(readRecording(name));
process.stdout.write(JSON.stringify(all));
