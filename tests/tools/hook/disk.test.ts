import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskFailure } from '@ccci/lib/state/disk-failure.ts';
import { type Disk, realDisk } from '@ccci/lib/state/files.ts';
import t from 'tap';
import { startHook } from './world.ts';

/** A real disk until it is told to fail: then whatever would write gets this error of the system. */
function failingDisk() {
  const trouble: { code: string | undefined } = { code: undefined };
  const fail = (what: string, path: string) => {
    if (trouble.code === undefined) return;
    throw diskFailure(
      what,
      path,
      Object.assign(new Error(`${trouble.code}: told to`), { code: trouble.code }),
    );
  };
  const disk: Disk = {
    ...realDisk,
    write: async (path, content) => {
      fail('write', path);
      await realDisk.write(path, content);
    },
    link: async (from, to) => {
      fail('link to', to);
      return realDisk.link(from, to);
    },
  };
  return { disk, trouble };
}

t.test(
  'a full disk: 503, said once, and the program goes on; nothing is lost once there is space',
  async (t) => {
    const { disk, trouble } = failingDisk();
    const { ask, clock, comment, deliver, forge, inbox, outcome, said } = await startHook(t, { disk });
    const payload = forge.payload(comment('!testme').id);
    trouble.code = 'ENOSPC';
    for (let count = 0; count < 3; count += 1) {
      t.same(await deliver(payload), {
        status: 503,
        text: 'later: it cannot be judged now, and is left to ccci-poll',
      });
    }
    t.match(await ask('/hook/healthz'), {
      status: 503,
      text: 'the state directory cannot be written: the disk is full',
    });
    t.match(said, [/^cannot write .*: ENOSPC: told to make space; nothing is lost/]);
    t.equal(said.length, 1, 'said once');
    t.match(await deliver(comment('hello').id), { status: 200 }, 'what needs no space is answered');

    trouble.code = 'EROFS';
    await deliver(payload);
    clock.ms += 60_000;
    t.match(await ask('/hook/healthz'), { status: 503, text: /the file system is read-only$/ });
    t.match(said.slice(1), [/read-only: look for errors of the disk/], 'another trouble is said, once');

    trouble.code = 'EACCES';
    t.match(await deliver(payload), { status: 503 });
    clock.ms += 1_000;
    t.match(await ask('/hook/healthz'), { status: 503, text: /no permission$/ });
    t.match(said.slice(2), [/give this user the right to write there/]);

    trouble.code = undefined;
    t.match(await ask('/hook/healthz'), { status: 503 }, 'an answer holds for a second');
    clock.ms += 1_000;
    t.match(await ask('/hook/healthz'), { status: 200, text: 'ok' });
    t.match(await deliver(payload), { status: 200, text: /^handed in/ });
    t.same(said.slice(3, 4), ['the state directory can be written again']);
    t.equal(inbox().length, 1);
    t.equal(outcome.status(), 0);
  },
);

t.test('what is not durable is not said to be: a failing fsync is 503', async (t) => {
  let broken = true;
  const sync: Disk['sync'] = async (path) => {
    if (broken && path.endsWith('ready')) throw diskFailure('sync', path, new Error('EIO'));
    await realDisk.sync(path);
  };
  const { comment, deliver, inbox, said } = await startHook(t, { disk: { ...realDisk, sync } });
  const { id } = comment('!testme');
  t.match(await deliver(id), { status: 503 });
  broken = false;
  t.match(await deliver(id), { status: 200 });
  t.match(said, [/^cannot sync /, 'the state directory can be written again', /^handed in/]);
  t.equal(inbox().length, 1);
});

t.test('a state directory that went away, and came back', async (t) => {
  const { ask, clock, comment, deliver, state, inbox } = await startHook(t);
  const { id } = comment('!testme');
  renameSync(state, `${state}.away`);
  t.match(await deliver(id), { status: 503 });
  t.match(await ask('/hook/healthz'), {
    status: 503,
    text: 'the state directory cannot be written: see the log',
  });
  renameSync(`${state}.away`, state);
  clock.ms += 1_000;
  t.match(await ask('/hook/healthz'), { text: 'ok' });
  t.match(await deliver(id), { status: 200, text: /^handed in/ });
  t.equal(inbox().length, 1);
});

t.test('a file of the state that is damaged', async (t) => {
  const { comment, deliver, said, state, inbox } = await startHook(t);
  const { id } = comment('!testme');
  const path = join(state, 'enrolled.json');
  writeFileSync(path, '{"gitea/org":');
  t.match(await deliver(id), { status: 503 });
  t.match(said, [/enrolled\.json is not JSON/]);
  writeFileSync(path, '{"gitea/org":"2026-11-23T09:00:00Z"}');
  t.match(await deliver(id), { status: 200 });
  t.equal(inbox().length, 1);
});

t.test('L65 asking for health changes nothing, and costs a look a second', async (t) => {
  const notes: string[] = [];
  const write: Disk['write'] = async (path, content) => {
    notes.push(path);
    await realDisk.write(path, content);
  };
  const { ask, clock, inbox } = await startHook(t, { disk: { ...realDisk, write } });
  for (let count = 0; count < 20; count += 1) await ask('/hook/healthz');
  t.equal(notes.length, 1);
  clock.ms += 1_000;
  await Promise.all(Array.from({ length: 5 }, () => ask('/hook/healthz')));
  t.equal(notes.length, 2);
  t.same(inbox(), []);
});

t.test('a bug in one delivery ends nobody else, and shows in the exit status', async (t) => {
  let isBroken = true;
  const read: Disk['read'] = async (path) => {
    if (isBroken) throw new TypeError('a bug');
    return realDisk.read(path);
  };
  const { comment, deliver, said, outcome } = await startHook(t, { disk: { ...realDisk, read } });
  const { id } = comment('!testme');
  t.match(await deliver(id), { status: 500, text: 'failed: it is left to ccci-poll' });
  t.match(said, [/^this is a bug: TypeError: a bug\n/]);
  t.equal(outcome.status(), 70);
  isBroken = false;
  t.match(await deliver(id), { status: 200, text: /^handed in/ });
});
