import { hashSchema } from '@ccci/lib/records/common.ts';
import { decode, type Incoming } from '@ccci/lib/records/decode.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import { type FillOptions, fillTrigger, isByHand } from '@ccci/lib/records/fill.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

const anyHash = '0'.repeat(40);

/**
 * Decodes the input. A trigger by hand whose `ref` is not a hash yet (that needs git) is checked in all other fields
 * and then comes out as it was written.
 */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  { fill: options, ...stamping }: Stamping & { readonly fill: FillOptions },
): AsyncGenerator<Incoming> {
  const written = new WeakMap<AnyRecord, AnyRecord>();
  const fill = (record: AnyRecord) => {
    const filled = fillTrigger(record, options);
    if (!isByHand(record) || hashSchema.safeParse(record.ref).success) return filled;
    const checked = { ...filled, ref: anyHash };
    written.set(checked, record);
    return checked;
  };
  for await (const incoming of decode(bytes, { ...stamping, fill })) {
    const original = incoming.kind === 'record' ? written.get(incoming.record) : undefined;
    yield original === undefined ? incoming : { kind: 'foreign', record: original };
  }
}
