import { stageWords } from '../../results/stage-words.ts';
import { logText } from '../run/log-text.ts';
import { duration } from '../short-words.ts';
import { checkWords, isShown, progressWords, stageSigns } from '../stage-face.ts';
import type { RunView, StageView } from '../view.ts';
import { make } from './dom.ts';

/** Brings the list of stages to what the records say; what is still to come stays as the page has it. */
export function showStages(list: Element, { stages }: RunView): void {
  for (const stage of stages) {
    if (!isShown(stage.name, stage.status)) continue;
    const [item = null] = [...list.children]
      .filter((one) => one.getAttribute('data-stage') === stage.name)
      .slice(-1);
    const signature = JSON.stringify([stage.status, stage.ms, stage.summary, stage.tests.length]);
    if (item?.getAttribute('data-seen') === signature) continue;
    const made = render(stage);
    made.setAttribute('data-seen', signature);
    if (item === null) list.append(made);
    else item.replaceWith(made);
  }
}

/** What is going on, in a sentence. */
export function nowWords({ stages }: RunView): string {
  const last = stages.at(-1);
  if (last === undefined) return 'It is being tested.';
  if (last.status === 'running') return `Running now: ${stageWords(last.name)}.`;
  return `It is being tested; the last stage that ended, ${stageWords(last.name)}: ${progressWords[last.status]}.`;
}

function render({ name, status, ms, summary, tests }: StageView): HTMLElement {
  const item = make('li', `stage-${status}`);
  item.setAttribute('data-stage', name);
  const sign = make('span', `sign ${status}`, stageSigns[status]);
  sign.setAttribute('aria-hidden', 'true');
  const time = ms === null || status === 'skip' || status === 'unver' ? '' : duration(ms);
  item.append(
    make(
      'div',
      'head',
      sign,
      make('strong', '', stageWords(name)),
      make('span', `words ${status}`, progressWords[status]),
      make('span', 'time', time),
    ),
  );
  if (summary) item.append(make('p', 'why', logText(summary)));
  if (tests.length > 0) item.append(make('p', 'why soft', checkWords(tests)));
  return item;
}
