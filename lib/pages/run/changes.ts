import type { Changes } from '../../records/changes.ts';
import { html, type Markup } from '../html.ts';
import type { RunView } from '../view.ts';
import type { Section } from './section.ts';

/** What a reviewer would look for in the diff; data that stays behind in bold. */
export function changesSection({ changes }: RunView): Section[] {
  if (changes === null) return [];
  const rows = [...images(changes), ...sets(changes), ...volumes(changes)];
  const body =
    rows.length === 0
      ? html`<p>Against <code>${changes.against}</code> neither images, services, volumes, ports, variables nor secrets change.</p>`
      : html`<p>Compared with <code>${changes.against}</code>.</p><table class="pairs">${rows}</table>`;
  return [{ id: 'changes', heading: 'What changes', body }];
}

function images({ images: changed }: Changes): Markup[] {
  if (changed.length === 0) return [];
  const lines = changed.map(({ service, from, to }) => {
    if (from === null) return html`<li>${service}: <code>${to ?? ''}</code>, new</li>`;
    if (to === null) return html`<li>${service}: <code>${from}</code>, gone</li>`;
    return html`<li>${service}: <code>${from}</code> <span class="away">becomes</span><span aria-hidden="true">→</span> <code>${to}</code></li>`;
  });
  return [row('images', lines)];
}

function sets(changes: Changes): Markup[] {
  return (['services', 'ports', 'variables', 'secrets', 'configs'] as const).flatMap((what) => {
    const { added, removed } = changes[what];
    const lines = [...added.map((name) => one('new', name)), ...removed.map((name) => one('gone', name))];
    return lines.length === 0 ? [] : [row(what, lines)];
  });
}

function volumes({ volumes: { added, dropped, renamed } }: Changes): Markup[] {
  const lines = [
    ...dropped.map(
      (name) =>
        html`<li><strong class="fail"><code>${name}</code> is dropped: its data is left behind</strong></li>`,
    ),
    ...renamed.map(
      ({ from, to }) =>
        html`<li><strong class="fail"><code>${from}</code> is renamed to <code>${to}</code>: its data is left behind</strong></li>`,
    ),
    ...added.map((name) => one('new', name)),
  ];
  return lines.length === 0 ? [] : [row('volumes', lines)];
}

function one(what: 'new' | 'gone', name: string): Markup {
  return html`<li>${what}: <code>${name}</code></li>`;
}

function row(what: string, lines: readonly Markup[]): Markup {
  return html`<tr><th scope="row">${what}</th><td><ul class="plain">${lines}</ul></td></tr>
`;
}
