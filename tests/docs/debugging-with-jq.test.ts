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

/** An engine, a journal, a file that grows: what a page that is read anywhere can only name. */
const elsewhere = [
  'ccci-dedupe --explain',
  'tail -n +1 -f',
  'ccci-stage --recipe ./ghost | tee run.ndjson | jq …',
  "journalctl -u 'ccci-*'",
];

/** What the janitor says where no engine is: what lies on the disk is seen to all the same. */
const noEngine = /^ccci-janitor: (?:error: no Docker engine at|\d+ to be done, 0 left).*\n/gm;

type Shown = { readonly command: Block; readonly output: Block | undefined };
type Ran = { readonly status: number | string | null; readonly out: string; readonly err: string };

const site = await makeRecordedSite(t.testdir(), bin);

t.test('every command of the page prints what stands below it', { timeout: 600_000 }, async (t) => {
  const text = readFileSync(page, 'utf8');
  const shown = commandsOf(text);
  t.ok(shown.length > 20, 'the page has commands');
  const blocks = fencedBlocks(text);
  t.same(blocks.length, shown.length * 2, 'a block is a command, or what one prints');
  t.same(unrunCommands(text), elsewhere, 'no command stands in the text alone');
  let updated = text;
  for (const { command, output } of shown) {
    const { status, out, err } = await run(command.text, site);
    const at = `line ${command.line}: ${command.text.split('\n')[0]}`;
    t.equal(status, 0, at, { err });
    t.not(out.trim(), '', `${at} prints something`);
    t.equal(err.replaceAll(noEngine, ''), '', `${at} says nothing on standard error`);
    if (output === undefined) continue;
    t.equal(out, output.text, at);
    updated = updated.replace(below(command, output.text), () => below(command, out));
  }
  if (process.env.CCCI_DOCS_UPDATE === '1') writeFileSync(page, updated);
});

t.test('the jq commands of other pages can be run', { timeout: 600_000 }, async (t) => {
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

/** Commands within words that no block has; a placeholder alone is none. */
function unrunCommands(text: string): string[] {
  const words = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  const spans = [...words.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return spans.filter((span) => /^(?:ccci(?:-[a-z]+)?|jq|journalctl|tail|cat) /.test(span));
}

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
