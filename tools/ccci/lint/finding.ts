import { visible } from '@ccci/lib/program/visible.ts';

export type FindingLevel = 'error' | 'warning';

/** One thing that is to be mended, and where. */
export type Finding = {
  /** As a person would open it; null where it is about the repository as a whole. */
  readonly file: string | null;
  readonly line: number | null;
  readonly level: FindingLevel;
  /** `R008`, `policy`, `settings`, `plan`. */
  readonly rule: string;
  readonly message: string;
  /** What to do; null where the message says it. */
  readonly todo: string | null;
};

/** As a compiler prints it, so that editors can jump there: `compose.yml:12: error: …`. Pure. */
export function printFinding({ file, line, level, rule, message, todo }: Finding): string {
  const where = file === null ? '' : `${file}${line === null ? '' : `:${line}`}: `;
  const more = todo === null ? '' : `    ${oneLine(todo)}\n`;
  return `${where}${level}: ${oneLine(message)} [${rule}]\n${more}`;
}

/** As a person mends them: file by file, from the top down; first what is about the whole. Pure. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const files = [...new Set(findings.map(({ file }) => file ?? ''))].sort();
  return files.flatMap((name) =>
    findings.filter(({ file }) => (file ?? '') === name).sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  );
}

function oneLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' ').trim());
}
