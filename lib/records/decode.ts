import { badLine } from './bad-line.ts';
import type { Stamping } from './encode.ts';
import type { ErrorRecord } from './error.ts';
import { sayIssues } from './issues.ts';
import { lineLimit } from './lines.ts';
import { readTexts, type TextLine } from './texts.ts';
import { type AnyRecord, isKnownType, recordTypes } from './types.ts';

/**
 * One line of input: a record to look at (known type, its schema checked), a record to pass on (unknown type), one
 * whose answer is known already (known type, nothing else checked; only with `isSettled`), or an `error` record in
 * the place of a line that cannot be used.
 */
export type Incoming =
  | { readonly kind: 'record'; readonly record: AnyRecord }
  | { readonly kind: 'foreign'; readonly record: AnyRecord }
  | { readonly kind: 'settled'; readonly record: AnyRecord }
  | { readonly kind: 'bad'; readonly record: ErrorRecord };

export type DecodeOptions = Stamping & {
  /** Fills in what a person may leave out, before the schema is checked. */
  readonly fill?: (record: AnyRecord) => AnyRecord | Promise<AnyRecord>;
  /**
   * True for a record of a known type whose answer is the same whatever its other fields say: it is not filled in, and
   * neither its schema nor its depth is checked, which costs more than to read it; it must not be passed on as it is.
   * Asked while its neighbours are still being read.
   */
  readonly isSettled?: (record: AnyRecord) => boolean;
};

/** Most levels of objects and arrays in one record. */
export const deepest = 256;

/** Decodes newline-delimited JSON; nothing is lost silently: whatever cannot be used becomes an `error` record. */
export async function* decode(
  input: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<Incoming> {
  for await (const { first, lines } of readTexts(input)) {
    for (let index = 0; index < lines.length; index += 1) {
      const incoming = decodeLine(lines[index]!, first + index, options);
      if (incoming !== undefined) yield incoming;
    }
  }
}

/**
 * Like `decode`, with all lines at once that came together: at most what 64 KiB of input or one line hold, never none.
 * For who answers many records faster than an iteration takes; a `fill` that waits makes all of them wait.
 */
export async function* decodeBatches(
  input: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<readonly Incoming[]> {
  for await (const { first, lines } of readTexts(input)) {
    const batch: Incoming[] = [];
    for (let index = 0; index < lines.length; index += 1) {
      const incoming = decodeLine(lines[index]!, first + index, options);
      if (incoming !== undefined) batch.push(incoming instanceof Promise ? await incoming : incoming);
    }
    if (batch.length > 0) yield batch;
  }
}

/** Undefined for a line of white space. */
function decodeLine(
  line: TextLine,
  number: number,
  options: DecodeOptions,
): Incoming | Promise<Incoming> | undefined {
  if (typeof line !== 'string') return refuseBytes(line, refusing(line, number, options));
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return refuseText(line, error as Error, refusing(line, number, options));
  }
  if (isRecord(value)) {
    const isKnown = isKnownType(value.type);
    if (isKnown && options.isSettled?.(value)) return { kind: 'settled', record: value };
    if (!isDeeperThan(value, deepest)) {
      if (!isKnown) return { kind: 'foreign', record: value };
      return fillAndCheck(value, options, refusing(line, number, options));
    }
  }
  return refuseValue(value, refusing(line, number, options));
}

type Refuse = (why: string, hint?: string) => Incoming;

/** Made only where it is needed: most lines are good. */
function refusing(line: TextLine, number: number, stamping: Stamping): Refuse {
  return (why, hint) => {
    return { kind: 'bad', record: badLine(line, { message: `line ${number} ${why}`, hint }, stamping) };
  };
}

function refuseBytes(line: Exclude<TextLine, string>, refuse: Refuse): Incoming {
  if (Buffer.isBuffer(line)) return refuse('is not UTF-8');
  return refuse(`is ${line.size} bytes long; at most ${lineLimit} are allowed`);
}

/** Nothing for a line of white space. */
function refuseText(line: string, error: Error, refuse: Refuse): Incoming | undefined {
  if (/^[ \t\r]*$/.test(line)) return undefined;
  return refuse(`is not JSON: ${error.message}`, 'one JSON object per line is expected');
}

function refuseValue(value: unknown, refuse: Refuse): Incoming {
  if (!isRecord(value)) return refuse('is not a record', 'a JSON object with a "type" is expected');
  return refuse(`is nested more than ${deepest} levels deep`);
}

function fillAndCheck(
  value: AnyRecord,
  { fill }: DecodeOptions,
  refuse: Refuse,
): Incoming | Promise<Incoming> {
  if (fill === undefined) return check(value, refuse);
  try {
    const filled = fill(value);
    if (!(filled instanceof Promise)) return check(filled, refuse);
    return filled.then(
      (record) => check(record, refuse),
      (error) => refuseFailure(error, refuse),
    );
  } catch (error) {
    return refuseFailure(error, refuse);
  }
}

function check(record: AnyRecord, refuse: Refuse): Incoming {
  const { schema } = recordTypes[record.type as keyof typeof recordTypes];
  const checked = schema.safeParse(record);
  if (checked.success) return { kind: 'record', record };
  const problems = sayIssues(checked.error.issues);
  return refuse(`is no valid ${record.type} record: ${problems}`, `see schema/${record.type}.json`);
}

/** What cannot be filled in is bad input; anything else that is thrown is a bug. */
function refuseFailure(error: unknown, refuse: Refuse): Incoming {
  if (!(error instanceof Error && error.name === 'Failure')) throw error;
  return refuse(`cannot be used: ${error.message}`, (error as { hint?: string }).hint);
}

/** Whoever writes a record nests as deeply as it does, and runs out of stack; this comes long before. */
function isDeeperThan(value: object, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((inner) => isObject(inner) && isDeeperThan(inner, levels - 1));
  // Not `Object.values`, which makes a list of each object: this is done for every record.
  for (const field in value) {
    const inner: unknown = value[field as keyof typeof value];
    if (isObject(inner) && isDeeperThan(inner, levels - 1)) return true;
  }
  return false;
}

function isRecord(value: unknown): value is AnyRecord {
  return isObject(value) && !Array.isArray(value) && 'type' in value && typeof value.type === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
