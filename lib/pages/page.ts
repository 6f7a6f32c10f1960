import { document } from './document.ts';
import { html } from './html.ts';
import { previewed } from './previewed.ts';
import { changesSection } from './run/changes.ts';
import { customizationSection, environmentSection } from './run/facts.ts';
import { pageHead } from './run/head.ts';
import { liveSection } from './run/live.ts';
import { downloadsSection, logsSection } from './run/logs.ts';
import { picturesSection } from './run/pictures.ts';
import { runStyle } from './run/run-style.ts';
import { sectionBodies, sectionLinks } from './run/section.ts';
import { stagesSection } from './run/stages.ts';
import { missingSection, operatorSection, reproduceSection } from './run/todo.ts';
import { verdict } from './run/verdict.ts';
import { type RunView, recipeOf } from './view.ts';

/** The script of the page of a run, as the page sees it; built from client/run.ts. */
const script = '../../assets/run.js';

/** In the order of what people ask first. */
const parts = [
  stagesSection,
  liveSection,
  missingSection,
  operatorSection,
  changesSection,
  picturesSection,
  logsSection,
  environmentSection,
  customizationSection,
  downloadsSection,
  reproduceSection,
];

/**
 * The page of one run, `runs/<id>/index.html`; of one that still runs, how far it has come. It says all of it without
 * its script, which follows the log of a run that goes on, and searches the logs of one that is over.
 */
export function runPage(view: RunView): string {
  const sections = parts.flatMap((part) => part(previewed(view)));
  const body = html`${pageHead(view)}
<main>
${verdict(view)}
${sectionLinks(sections)}
${sectionBodies(sections)}</main>
<footer>Run ${view.run}. Made from its records by ccci.</footer>`;
  return document(`${recipeOf(view)}: ${state(view)}`, body, { script, style: runStyle });
}

function state({ results, drop }: RunView): string {
  return results?.verdict ?? (drop === null ? 'running' : 'not run');
}
