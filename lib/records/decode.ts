import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Stamping, stamp } from './encode.ts';
import type { ErrorRecord } from './error.ts';
import { sayIssues } from './issues.ts';
import { keptLimit, lineLimit, splitLines } from './lines.ts';
import { type AnyRecord, isKnownType, recordTypes } from './types.ts';

/**
 * One line of input: a record to look at (known type, its schema checked), a record to pass on (unknown type), or an
 * `error` record in the place of a line that cannot be used.
 */
export type Incoming =
  | { readonly kind: 'record'; readonly record: AnyRecord }
  | { readonly kind: 'foreign'; readonly record: AnyRecord }
  | { readonly kind: 'bad'; readonly record: ErrorRecord };

export type DecodeOptions = Stamping & {
  /** Fills in what a person may leave out, before the schema is checked. */
  readonly fill?: (record: AnyRecord) => AnyRecord | Promise<AnyRecord>;
};

/** Most levels of objects and arrays in one record. */
export const deepest = 256;

/** Decodes newline-delimited JSON; nothing is lost silently: whatever cannot be used becomes an `error` record. */
export async function* decode(
  input: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<Incoming> {
  for await (const line of splitLines(input)) {
    if (!line.ok) {
      const message = `line ${line.number} is ${line.size} bytes long; at most ${lineLimit} are allowed`;
      yield bad({ message, kept: line.kept, bytes: line.size, sha256: line.sha256 }, options);
      continue;
    }
    if (line.bytes.every((byte) => byte === 32 || byte === 9 || byte === 13)) continue;
    yield await decodeLine(line.bytes, line.number, options);
  }
}

async function decodeLine(bytes: Buffer, number: number, options: DecodeOptions): Promise<Incoming> {
  const refuse = (why: string, hint?: string) =>
    bad(
      {
        message: `line ${number} ${why}`,
        hint,
        kept: bytes.subarray(0, keptLimit),
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      options,
    );
  if (!isUtf8(bytes)) return refuse('is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    return refuse(`is not JSON: ${(error as Error).message}`, 'one JSON object per line is expected');
  }
  if (!isRecord(value)) return refuse('is not a record', 'a JSON object with a "type" is expected');
  if (isDeeperThan(value, deepest)) return refuse(`is nested more than ${deepest} levels deep`);
  if (!isKnownType(value.type)) return { kind: 'foreign', record: value };
  return check(value, options, refuse);
}

async function check(
  value: AnyRecord,
  options: DecodeOptions,
  refuse: (why: string, hint?: string) => Incoming,
): Promise<Incoming> {
  try {
    const record = options.fill === undefined ? value : await options.fill(value);
    const { schema } = recordTypes[record.type as keyof typeof recordTypes];
    const checked = schema.safeParse(record);
    if (checked.success) return { kind: 'record', record };
    const problems = sayIssues(checked.error.issues);
    return refuse(`is no valid ${value.type} record: ${problems}`, `see schema/${value.type}.json`);
  } catch (error) {
    if (error instanceof Error && error.name === 'Failure') {
      return refuse(`cannot be used: ${error.message}`, (error as { hint?: string }).hint);
    }
    throw error;
  }
}

/** Whoever writes a record nests as deeply as it does, and runs out of stack; this comes long before. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function isRecord(value: unknown): value is AnyRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as { type?: unknown }).type === 'string'
  );
}

type BadLine = {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly kept: Buffer;
  readonly bytes: number;
  readonly sha256: string;
};

function bad(line: BadLine, stamping: Stamping): Incoming {
  const kept = line.kept.subarray(0, wholeCharacters(line));
  const said = isUtf8(kept) ? { line: kept.toString('utf8') } : { lineBase64: line.kept.toString('base64') };
  const record = stamp(
    { type: 'error', message: line.message, ...(line.hint === undefined ? {} : { hint: line.hint }) },
    stamping,
  );
  return {
    kind: 'bad',
    record: { ...record, ...said, bytes: line.bytes, sha256: line.sha256 } as ErrorRecord,
  };
}

/** How much of a line that was cut off ends with a whole character: text stays text. */
function wholeCharacters({ kept, bytes }: BadLine): number {
  if (bytes === kept.length) return kept.length;
  let start = kept.length - 1;
  while (start > kept.length - 4 && ((kept[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return isUtf8(kept.subarray(start)) ? kept.length : start;
}
