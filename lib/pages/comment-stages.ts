import type { ResultStage } from '../records/results.ts';
import { stageWords } from '../results/stage-words.ts';
import { block, code, plain } from './escape-markdown.ts';
import { type StageRow, stageRows } from './stage-rows.ts';
import type { RunView } from './view.ts';
import { capital, duration } from './words.ts';

/** The table of stages: what each came to, and of those to come how many files of tests they have. */
export function stageTable(view: RunView): string {
  const rows = stageRows(view, { withPolicy: view.results === null }).map((row) => {
    const time = row.ms === null ? '' : duration(row.ms);
    return `| ${stageWords(row.name)} | ${row.sign} ${row.words}${ahead(row)} | ${time} |`;
  });
  return rows.length === 0 ? '' : ['| stage | result | time |', '|---|---|---:|', ...rows].join('\n');
}

function ahead({ status, tests }: StageRow): string {
  if ((status !== 'waiting' && status !== 'running') || tests === 0) return '';
  return `, ${tests} test ${tests === 1 ? 'file' : 'files'}`;
}

/** A stage that failed: why, which tests, and the last lines of the logs, folded. */
export function failure(
  stage: Pick<ResultStage, 'name' | 'summary' | 'tests' | 'cause'>,
  view: RunView,
  limit: number,
): string {
  const name = stageWords(stage.name);
  const parts =
    stage.cause === 'policy'
      ? [refusal(name, stage.summary ?? '', view)]
      : [`**${capital(name)} failed**: ${plain(stage.summary ?? 'no reason was given')}`, failedTests(stage)];
  const lines = view.stages.findLast((one) => one.name === stage.name)?.lastLines ?? [];
  if (lines.length > 0 && limit > 0) {
    parts.push(
      `<details><summary>Last log lines of ${name}</summary>`,
      block(lines.slice(-limit)),
      '</details>',
    );
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What the policy ends each of its sentences with, the line included that would permit it. */
const permit = /; the operator can permit it in recipe\.yml: allow: \[("(?:[^"\\]|\\.)*")\](?:; |$)/g;

/** Whether a summary is the policy's, with a line that would permit what it refuses. */
export function isRefusal(summary: string | null): boolean {
  return summary !== null && summary.search(permit) !== -1;
}

/** What is refused, one a line, and the line of the settings that would permit all of it. */
function refusal(name: string, summary: string, { plan }: RunView): string {
  const allowed = [...summary.matchAll(permit)].map(([, path]) => String(path));
  const refused = summary.split(permit).filter((part, index) => index % 2 === 0 && part !== '');
  const list = refused.map((one) => `- ${plain(one)}`).join('\n');
  const parts = [`**${capital(name)} refuses this**, so nothing was deployed:`, list];
  if (allowed.length === 0) return parts.join('\n\n');
  const where = code(`${plan?.recipe ?? '<recipe>'}/recipe.yml`);
  return [
    ...parts,
    `Change it in the recipe; or the operator of this ccci permits it with this line in ${where} of the tests:`,
    block([`allow: [${allowed.join(', ')}]`], 4_000),
  ].join('\n\n');
}

/** Rules of lint are told in its summary already. */
function failedTests({ name: stage, tests }: Pick<ResultStage, 'name' | 'tests'>): string {
  if (stage === 'lint') return '';
  const failed = tests.filter((test) => test.status === 'fail');
  const shown = failed.slice(0, 10).map((test) => {
    const first = (test.message ?? '').split('\n').find((line) => line.trim() !== '') ?? '';
    const where = test.file === null ? '' : `${code(test.file)}: `;
    return `- ${where}${plain(test.name)}${first === '' ? '' : `: ${plain(first)}`}`;
  });
  const more = failed.length - shown.length;
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}
