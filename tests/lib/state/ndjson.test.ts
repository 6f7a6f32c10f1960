import { isTorn, parseLines } from '@ccci/lib/state/ndjson.ts';
import t from 'tap';

t.test('objects in order; what a crash tore is passed over', async (t) => {
  t.same(parseLines('{"type":"a"}\n{"ty\n\n7\n{"type":"b"}\n{"type":"c"'), [{ type: 'a' }, { type: 'b' }]);
  t.same(parseLines(''), []);
});

t.test('torn is what does not end with a line feed', async (t) => {
  t.notOk(isTorn(''));
  t.notOk(isTorn('{}\n'));
  t.ok(isTorn('{}'));
});
