import { existsSync, readFileSync } from 'node:fs';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { errorExample } from '@ccci/lib/records/error.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { diskFailure } from '@ccci/lib/state/disk-failure.ts';
import { listInbox } from '@ccci/lib/state/inbox.ts';
import t from 'tap';
import { handInAll, openSpool } from '../../../tools/sweep/spool.ts';
import { recordingDisk } from '../../lib/state/recording-disk.ts';

const triggers = ['cal', 'ghost', 'wiki'].map((name): AnyRecord => {
  const { comment: _, pr: __, ...fields } = triggerExample;
  return { ...fields, key: `sweep-20261123-${name}`, source: 'sweep', name, recipe: name };
});

async function* stream(...records: readonly AnyRecord[]): AsyncGenerator<AnyRecord> {
  yield* records;
}

function hearing() {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  return { said, log: { info: say, warning: say, error: say } };
}

t.test('a state directory that is new is said, once', async (t) => {
  const state = `${t.testdir()}/new`;
  const { said, log } = hearing();
  await openSpool(state, log);
  await openSpool(state, log);
  t.match(said, [/was no state directory and is one now/]);
  t.ok(existsSync(`${state}/in/ready`));
});

t.test('triggers are handed in as they are, errors are not', async (t) => {
  const state = t.testdir();
  const { said, log } = hearing();
  await openSpool(state, hearing().log);
  await handInAll(stream(triggers[0]!, errorExample, triggers[1]!), { state, log });
  const contents = (await listInbox(state)).map((path) => readFileSync(path, 'utf8'));
  t.same(contents, [encodeLine(triggers[0]!), encodeLine(triggers[1]!)]);
  t.same(said, [`2 handed in to ${state}/in/ready`]);
});

t.test(
  'L03 a disk that fails at any operation: what is there is whole, the count is true, and it is said',
  async (t) => {
    const full = diskFailure(
      'write',
      '/x',
      Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }),
    );
    const count = recordingDisk({ root: t.testdir({ all: {} }) });
    await openSpool(`${t.testdirName}/all`, hearing().log);
    await handInAll(stream(...triggers), { state: `${t.testdirName}/all`, log: hearing().log, disk: count });
    for (let breakAt = 1; breakAt <= count.notes.length; breakAt += 1) {
      const state = `${t.testdirName}/${breakAt}`;
      const { said, log } = hearing();
      await openSpool(state, hearing().log);
      const disk = recordingDisk({ root: state, breakAt, error: full });
      const failure = await handInAll(stream(...triggers), { state, log, disk }).then(
        () => null,
        (error) => error,
      );
      const contents = (await listInbox(state)).map((path) => readFileSync(path, 'utf8'));
      t.same(contents, triggers.slice(0, contents.length).map(encodeLine), `at ${disk.notes.at(-1)}`);
      if (failure === null) t.equal(contents.length, triggers.length, 'no failure without a loss');
      else t.match(failure, { status: 74, code: 'disk-full' });
      const told = Number(said[0]?.split(' ')[0]);
      t.ok(told <= contents.length && told >= contents.length - 1, 'nothing is counted that is not durable');
    }
  },
);
