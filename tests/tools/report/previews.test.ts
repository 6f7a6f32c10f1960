import { previewExample } from '@ccci/lib/records/preview.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { removePreview, writePreview } from '@ccci/lib/state/previews.ts';
import t from 'tap';
import { watchSpool } from '../../../tools/report/watch.ts';
import { makeWorld, type World } from './world.ts';

const edits = (world: World) => world.forge.requests.filter(({ method }) => method === 'PATCH').length;
const body = (world: World) => world.comments()[0]?.body ?? '';
const parts = [
  'waits to be tested, place 1 in the queue',
  'A whole run takes about 6 minutes',
  'A first look while it waits',
  '| policy | ✅ passed |',
  '| lint | ✅ passed |',
  '| install | ▫️ to come |',
  'What changes since `6.0.2+5.8.0`',
  '**Volume `content` is dropped: its data is left behind**',
];

/** What a stage finds out of a trigger that waits. */
const found = (world: World, { key, spool }: AnyRecord, own = String(key)) =>
  writePreview(world.state, String(spool), { ...previewExample, key: own });

t.test('what waits: lint, policy, the plan, the estimate and what changes, in the first edit', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  let now = 0;
  const running = world.start({ editMs: 10_000, earlyMs: 7_000, clock: () => now });
  await running.feed(trigger);
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
  t.notMatch(body(world), '| lint |');
  await found(world, trigger);
  await running.changed(String(trigger.spool));
  await world.forge.waitFor(() => body(world).includes('| lint |'), { what: 'the edit, at once' });
  for (const said of parts) t.ok(body(world).includes(said), said);
  t.equal(edits(world), 1);

  // What comes within ten seconds of it waits, however often it is looked.
  now = 9_000;
  const { folder } = await world.begin(trigger, world.recordsOf(trigger).slice(0, 4));
  t.ok(folder);
  for (let count = 0; count < 3; count += 1) await running.changed(String(trigger.spool));
  await world.forge.waitFor(() => true, { what: 'a moment' });
  t.equal(edits(world), 1);
  t.equal(await running.end(), 0);
  t.notMatch(body(world), 'A first look', 'what runs speaks for itself');
  t.match(body(world), 'is being tested');
});

t.test('from a pipe whose stage has another state, the record says it', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const running = world.start();
  await running.feed(trigger);
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
  await running.feed({ ...previewExample, key: trigger.key });
  await world.forge.waitFor(() => body(world).includes('| lint |'), { what: 'the edit' });
  t.equal(await running.end(), 0);
  t.match(
    running.output.filter(({ type }) => type !== 'report'),
    [{ type: 'trigger' }, { type: 'preview', key: trigger.key }],
    'passed on',
  );
  t.match(running.page(`runs/${trigger.key}/index.html`), 'data-stage="lint"', 'its page too');
});

t.test('a preview of another key, or one that is thrown away, is none', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  await found(world, trigger, 'gitea-999999');
  const running = world.start();
  await running.feed(trigger);
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
  t.notMatch(body(world), '| lint |');
  await found(world, trigger);
  await running.changed(null);
  await world.forge.waitFor(() => body(world).includes('| lint |'), { what: 'its own' });
  await removePreview(world.state, String(trigger.spool));
  await running.changed(String(trigger.spool));
  await world.forge.waitFor(() => !body(world).includes('| lint |'), { what: 'without it' });
  t.equal(await running.end(), 0);
});

t.test('--spool: the folder of previews is watched', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const stopping = new AbortController();
  const changes = watchSpool({ state: world.state, stopping: stopping.signal, warn: t.error });
  t.match(await changes.next(), { value: { file: null } });
  await found(world, trigger);
  t.match(await changes.next(), { value: { file: trigger.spool } });
  stopping.abort();
  await changes.return(undefined);
});
