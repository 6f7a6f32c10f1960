import type { AnyRecord, KnownRecord } from '../../records/types.ts';
import { stageWords } from '../../results/stage-words.ts';
import { type Collector, makeCollector } from '../collect.ts';
import { progressWords } from '../stage-face.ts';
import type { RunView } from '../view.ts';
import { find, make, say } from './dom.ts';
import { makeFollower, type Poll } from './follow.ts';
import { type LiveLines, makeLiveLines, type Row } from './live-lines.ts';
import { nowWords, showStages } from './live-stages.ts';
import { pauseMs } from './pace.ts';
import { makeReload } from './reload.ts';

/** Follows a run that goes on: stages tick off, log lines come, and at the end the page of the outcome is loaded. */
export async function followRun(live: HTMLElement): Promise<void> {
  find('[data-without]', document).hidden = true;
  find('[data-hint]', document).hidden = true;
  live.hidden = false;
  const state = find('[data-state]', live);
  const follower = makeFollower(live.dataset.live ?? '');
  const screen = makeScreen(makeLiveLines(live));
  const reloadWhenOver = makeReload();
  for (let failures = 0; ; ) {
    const poll = await follower.poll();
    failures = poll.kind === 'away' ? failures + 1 : 0;
    screen.take(poll);
    say(state, stateWords(poll));
    await reloadWhenOver(screen.isOver());
    await pause(pauseMs(poll, failures, document.hidden));
  }
}

function makeScreen(lines: LiveLines) {
  let collector: Collector = makeCollector();
  let isOver = false;
  return {
    isOver: () => isOver,
    take: (poll: Poll) => {
      if (poll.kind === 'anew') {
        collector = makeCollector();
        isOver = false;
        lines.clear();
      }
      if (poll.kind !== 'records' || poll.records.length === 0) return;
      let view: RunView | null = null;
      for (const record of poll.records) view = take(collector, record) ?? view;
      lines.add(poll.records.flatMap(rowOf));
      isOver ||= poll.records.some(({ type }) => type === 'run.finished');
      if (view !== null) show(view);
    },
  };
}

/** Records are open: one that is not as it should be is left out. */
function take(collector: Collector, record: AnyRecord): RunView | null {
  try {
    return collector.add(record);
  } catch {
    return null;
  }
}

function show(view: RunView): void {
  if (view.started === null && view.stages.length === 0) return;
  say(
    find('[data-now]', document),
    view.results === null ? nowWords(view) : 'The run is over; its page comes.',
  );
  showStages(document.querySelector('.stages') ?? newList(), view);
}

/** A page that was written before there was a plan has no list yet. */
function newList(): Element {
  const list = make('ol', 'stages');
  find('.verdict', document).after(list);
  return list;
}

function rowOf(record: AnyRecord): Row[] {
  const known = record as KnownRecord;
  if (known.type === 'log') {
    const { service, tool, stage, line } = known;
    return [{ from: String(service ?? tool ?? stage), text: String(line) }];
  }
  if (known.type === 'stage.started') return [{ mark: `${stageWords(String(known.stage))} begins` }];
  if (known.type !== 'stage.finished') return [];
  return [{ mark: `${stageWords(String(known.stage))} ${progressWords[known.status] ?? ''}` }];
}

function stateWords(poll: Poll): string {
  if (poll.kind === 'gone') return 'Nothing was recorded yet; it is looked for again and again.';
  if (poll.kind === 'away') return 'The server does not answer; it is asked again, less and less often.';
  return 'New lines come by themselves.';
}

/** Waits, shorter when the page comes into view. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    document.addEventListener('visibilitychange', wake);
  });
}
