import { fileName } from '../records/keys.ts';
import type { AnyRecord } from '../records/types.ts';

const pattern = /^\d{8}T\d{6}Z-[a-z0-9.-]{1,80}$/;

/** True for the name of a queue file (without its ending): what comes from a record may be anything. */
export function isQueueName(file: string): boolean {
  return pattern.test(file);
}

/** The key in the name of a queue file. */
export function keyOf(file: string): string {
  return file.slice(file.indexOf('-') + 1);
}

/** Name of a record's files: when its comment was created (a sweep has none: when it was written), and its key. */
export function queueName(record: AnyRecord): string {
  const { created } = (record.comment ?? {}) as { created?: string };
  return fileName(new Date(created ?? String(record.at)), String(record.key));
}
