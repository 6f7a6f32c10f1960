import { isKnownType, type RecordType, recordTypes } from '@ccci/lib/records/types.ts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import t from 'tap';
import { z } from 'zod';

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);

const stamped = { v: 2, at: '2026-11-23', by: '', key: 'UPPER' };

for (const type of Object.keys(recordTypes) as RecordType[]) {
  const { schema, example } = recordTypes[type];
  t.test(type, async (t) => {
    t.equal(example.type, type);
    t.match(schema.safeParse(example), { success: true }, 'the example satisfies the schema');
    t.same(JSON.parse(JSON.stringify(example)), example, 'the example survives JSON');

    const validate = ajv.compile(z.toJSONSchema(schema, { io: 'input' }));
    t.ok(validate(example), `the example satisfies the JSON Schema: ${ajv.errorsText(validate.errors)}`);
    t.ok(validate({ ...example, unheard: { of: 1 } }), 'JSON Schema: unknown fields are allowed');
    t.ok(schema.safeParse({ ...example, unheard: { of: 1 } }).success, 'unknown fields are allowed');

    for (const field of Object.keys(schema.shape)) {
      const without: Record<string, unknown> = { ...example };
      delete without[field];
      const zod = schema.safeParse(without).success;
      t.equal(validate(without), zod, `both schemas agree about an absent ${field}`);
      if (['type', 'v', 'at', 'by'].includes(field)) t.notOk(zod, `${field} is needed`);
    }
    for (const [field, value] of Object.entries(stamped).filter(([field]) => field in schema.shape)) {
      t.notOk(schema.safeParse({ ...example, [field]: value }).success, `${field} ${JSON.stringify(value)}`);
      t.notOk(validate({ ...example, [field]: value }), `JSON Schema: ${field} ${JSON.stringify(value)}`);
    }
  });
}

t.test('every type of the contract is there', async (t) => {
  const contract =
    'trigger cancel drop queued plan preview claim run.started stage.started stage.finished test log run.finished attribution report tick janitor error';
  t.same(Object.keys(recordTypes).sort(), contract.split(' ').sort());
});

t.test('what is not in the contract is not known', async (t) => {
  for (const type of ['', 'Trigger', 'constructor', '__proto__', 'toString']) {
    t.notOk(isKnownType(type), JSON.stringify(type));
  }
});

t.test('keys are names of files and folders', async (t) => {
  const { schema, example } = recordTypes['run.started'];
  const withKey = (key: string) => schema.safeParse({ ...example, key }).success;
  const withRun = (run: string) => schema.safeParse({ ...example, run }).success;
  for (const key of ['a', 'gitea-14497', '0.x', 'k'.repeat(80)]) t.ok(withKey(key), key);
  for (const key of ['', '.', '..', '.hidden', '-rf', 'a/b', 'A', 'ü', 'a b', 'a\n', 'k'.repeat(81)]) {
    t.notOk(withKey(key), `no key: ${JSON.stringify(key)}`);
    t.notOk(withRun(key.length > 80 ? 'k'.repeat(101) : key), `no run id: ${JSON.stringify(key)}`);
  }
  t.ok(withRun(`${'k'.repeat(80)}.control`), 'a run id has room behind the key');
});
