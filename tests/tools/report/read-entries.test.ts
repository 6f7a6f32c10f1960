import { emptyView } from '@ccci/lib/pages/view.ts';
import { runFinishedExample } from '@ccci/lib/records/run-finished.ts';
import t from 'tap';
import type { Entry } from '../../../tools/report/entry.ts';
import { readEntries } from '../../../tools/report/read-entries.ts';

const entry = (file: string, state: Entry['state'], run: string): Entry =>
  ({
    file,
    state,
    view: { ...emptyView(file), run, results: state === 'over' ? runFinishedExample : null },
  }) as unknown as Entry;

/** Reads from lists: what a file says the first time, the second time. */
function reading(files: Readonly<Record<string, readonly Entry[]>>) {
  const asked: string[] = [];
  const read = async (file: string) => {
    asked.push(file);
    return files[file]?.[asked.filter((one) => one === file).length - 1] ?? null;
  };
  return { asked, read };
}

t.test('L07 what was read as running by a run that is over meanwhile is read again', async (t) => {
  const { asked, read } = reading({
    a: [entry('a', 'running', 'run-1'), entry('a', 'over', 'run-1')],
    b: [entry('b', 'over', 'run-1')],
  });
  const entries = await readEntries(['a', 'b'], read);
  t.same(
    entries.map(({ state }) => state),
    ['over', 'over'],
  );
  t.same(asked, ['a', 'b', 'a']);
});

t.test('another run, and what is gone, are read once', async (t) => {
  const { asked, read } = reading({
    a: [entry('a', 'running', 'run-1')],
    b: [entry('b', 'over', 'run-2')],
  });
  const entries = await readEntries(['a', 'b', 'gone'], read);
  t.same(
    entries.map(({ state }) => state),
    ['running', 'over'],
  );
  t.same(asked, ['a', 'b', 'gone']);
});
