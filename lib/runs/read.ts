import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { splitLines } from '../records/lines.ts';
import type { AnyRecord } from '../records/types.ts';

/** The recorded events of a run, in order; nothing where there are none. A torn last line is left out. */
export async function* readEvents(runs: string, id: string): AsyncGenerator<AnyRecord> {
  const path = join(runs, id, 'events.ndjson');
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) return;
  for await (const line of splitLines(createReadStream(path))) {
    const record = line.ok ? parse(line.bytes.toString('utf8')) : undefined;
    if (record !== undefined) yield record;
  }
}

function parse(line: string): AnyRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isRecord = typeof value === 'object' && value !== null && 'type' in value;
    return isRecord ? (value as AnyRecord) : undefined;
  } catch {
    return undefined;
  }
}
