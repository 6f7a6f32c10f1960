import { hashSchema } from '@ccci/lib/records/common.ts';
import { decodeBatches, type Incoming } from '@ccci/lib/records/decode.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import { type FillOptions, fillTrigger, isByHand } from '@ccci/lib/records/fill.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

export type ReadOptions = Stamping & {
  readonly fill: FillOptions;
  /** True for what is a duplicate whatever else it says: it is read without a check of its fields. */
  readonly isSettled?: (record: AnyRecord) => boolean;
};

const anyHash = '0'.repeat(40);

/**
 * Decodes the input, all lines at once that came together. A trigger by hand whose `ref` is not a hash yet (that needs
 * git) is checked in all other fields and then comes out as it was written.
 */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  { fill: options, ...more }: ReadOptions,
): AsyncGenerator<readonly Incoming[]> {
  const written = new Map<AnyRecord, AnyRecord>();
  const fill = (record: AnyRecord) => {
    const filled = fillTrigger(record, options);
    if (!isByHand(record) || hashSchema.safeParse(record.ref).success) return filled;
    const checked = { ...filled, ref: anyHash };
    written.set(checked, record);
    return checked;
  };
  const asWritten = (incoming: Incoming): Incoming => {
    const original = incoming.kind === 'record' ? written.get(incoming.record) : undefined;
    return original === undefined ? incoming : { kind: 'foreign', record: original };
  };
  for await (const batch of decodeBatches(bytes, { ...more, fill })) {
    yield written.size === 0 ? batch : batch.map(asWritten);
    written.clear();
  }
}
