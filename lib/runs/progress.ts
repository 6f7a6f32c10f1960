import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';
import { type StageName, stageNameSchema } from '../records/common.ts';
import type { AnyRecord } from '../records/types.ts';

/** How far runs have come that still write their records. */
export type Progress = {
  /** The stage that began last; null where none did, or where there are no records. */
  readonly stageOf: (run: string) => Promise<StageName | null>;
  /** Forgets all but these. */
  readonly keep: (runs: ReadonlySet<string>) => void;
};

const pieceBytes = 256 * 1024;

type Reached = { offset: number; rest: string; stage: StageName | null };

/** Reads each byte of `events.ndjson` once, however often it is asked. */
export function openProgress(runs: string): Progress {
  const reached = new Map<string, Reached>();
  return {
    stageOf: async (run) => {
      const known = reached.get(run) ?? { offset: 0, rest: '', stage: null };
      reached.set(run, known);
      await readOn(join(runs, run, 'events.ndjson'), known);
      return known.stage;
    },
    keep: (ids) => {
      for (const run of reached.keys()) if (!ids.has(run)) reached.delete(run);
    },
  };
}

async function readOn(path: string, reached: Reached): Promise<void> {
  const file = await open(path, 'r').catch((error) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) return null;
    throw error;
  });
  if (file === null) return;
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, reached.offset);
      if (bytesRead === 0) return;
      reached.offset += bytesRead;
      // As Latin-1: names of stages are plain, and no character is cut in two.
      const lines = (reached.rest + piece.toString('latin1', 0, bytesRead)).split('\n');
      reached.rest = lines.pop() ?? '';
      for (const line of lines) reached.stage = stageOf(line) ?? reached.stage;
    }
  } finally {
    await file.close();
  }
}

/** Most lines are logs, which need not be parsed. */
function stageOf(line: string): StageName | null {
  if (!line.includes('"stage.started"')) return null;
  try {
    const record = JSON.parse(line) as AnyRecord | null;
    return record?.type === 'stage.started' ? (stageNameSchema.safeParse(record.stage).data ?? null) : null;
  } catch {
    return null;
  }
}
