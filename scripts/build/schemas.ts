import { recordTypes } from '@ccci/lib/records/types.ts';
import { z } from 'zod';

/** The JSON Schema of every record type, as files (`<type>.json`): what other people's programs check records with. */
export function renderSchemas(): Map<string, string> {
  return new Map(
    Object.entries(recordTypes).map(([type, { schema }]) => [`${type}.json`, render(type, schema)]),
  );
}

function render(type: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: `ccci record: ${type}`, ...rest }, undefined, 2)}\n`;
}
