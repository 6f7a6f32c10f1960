/**
 * Runs every command of docs/debugging-with-jq.md on a server made of recordings. A command that fails or prints nothing
 * is red, and so is one that prints something else than the block below it. `CCCI_DOCS_UPDATE=1` writes these blocks anew:
 * look at the difference as a person who reads the page would. `CCCI_BIN` is another folder of programs.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import t from 'tap';
import { type Block, fencedBlocks } from './markdown.ts';
import { makeRecordedSite, type RecordedSite } from './recorded-site.ts';

const top = join(import.meta.dirname, '..', '..');
const page = join(top, 'docs', 'debugging-with-jq.md');
const bin = process.env.CCCI_BIN ?? join(top, 'dist', 'bin');

type Shown = { readonly command: Block; readonly output: Block | undefined };
type Ran = { readonly status: number | string | null; readonly out: string; readonly err: string };

const site = await makeRecordedSite(t.testdir(), bin);

t.test('every command of the page prints what stands below it', { timeout: 300_000 }, async (t) => {
  const text = readFileSync(page, 'utf8');
  const shown = commandsOf(text);
  t.ok(shown.length > 20, 'the page has commands');
  let updated = text;
  for (const { command, output } of shown) {
    const { status, out, err } = await run(command.text, site);
    const at = `line ${command.line}: ${command.text.split('\n')[0]}`;
    t.equal(status, 0, at, { err });
    t.not(out.trim(), '', `${at} prints something`);
    if (output === undefined) continue;
    t.equal(out, output.text, at);
    updated = updated.replace(below(command, output.text), () => below(command, out));
  }
  if (process.env.CCCI_DOCS_UPDATE === '1') writeFileSync(page, updated);
});

t.test('the jq commands of other pages can be run', { timeout: 300_000 }, async (t) => {
  const pages = fastGlob.sync('docs/*.md', { cwd: top }).filter((name) => !page.endsWith(name));
  const commands = pages.sort().flatMap((name) =>
    fencedBlocks(readFileSync(join(top, name), 'utf8'))
      .flatMap(({ text }) => text.replaceAll(/\\\n */g, '').split('\n'))
      .filter((line) => line.startsWith('jq '))
      .map((command) => ({ name, command })),
  );
  t.ok(commands.length > 5, `${commands.length} commands`);
  for (const { name, command } of commands) {
    const { status, err } = await run(command, site);
    t.equal(status, 0, `${name}: ${command}`, { err });
  }
});

/** Each `sh` block, a command, with the `text` block that follows it. */
function commandsOf(text: string): Shown[] {
  const blocks = fencedBlocks(text);
  return blocks.flatMap((command, index) => {
    if (command.language !== 'sh') return [];
    const next = blocks[index + 1];
    return [{ command, output: next?.language === 'text' ? next : undefined }];
  });
}

function below(command: Block, output: string): string {
  return `\`\`\`sh\n${command.text}\`\`\`\n\n\`\`\`text\n${output}\`\`\`\n`;
}

/** Status, and output with the paths of a server. What any part of a pipe says on standard error is an error, too. */
function run(command: string, { dir, env }: RecordedSite): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd: dir, env, timeout: 60_000 } as const;
    execFile('sh', ['-euc', command], options, (error, out, err) => {
      resolve({
        status: error?.code ?? error?.signal ?? 0,
        out: out.replaceAll(env.CCCI_STATE!, '/var/lib/ccci'),
        err,
      });
    });
  });
}
