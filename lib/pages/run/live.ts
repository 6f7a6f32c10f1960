import { html } from '../html.ts';
import type { RunView } from '../view.ts';
import type { Section } from './section.ts';

/** Where the script (client/live.ts) shows what a run says while it goes on; nothing of one that is over. */
export function liveSection({ results, drop }: RunView): Section[] {
  if (results !== null || drop !== null) return [];
  // role="log" would read out each line; what a stage came to is said by the status above instead.
  const body = html`<p data-without>The log is followed here by a script, which does not run. All records so far: <a href="events.ndjson">events.ndjson</a>.</p>
<div data-live="events.ndjson" hidden>
<p class="soft" data-state></p>
<div class="lines" role="log" aria-live="off" aria-label="Live log" tabindex="0" data-lines></div>
<div class="bar"><button type="button" data-end hidden>Go to the end</button></div>
</div>`;
  return [{ id: 'live', heading: 'Live log', body }];
}
