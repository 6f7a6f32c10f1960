/**
 * What docs/runbook.md shows of a program is what that program says: it stands in a golden case. What it tells to do is
 * done by programs and units that there are.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import t from 'tap';
import { fencedBlocks } from './markdown.ts';

const tests = join(import.meta.dirname, '..');
const said = fastGlob
  .sync('cases/*/*/err', { cwd: tests })
  .map((path) => readFileSync(join(tests, path), 'utf8'));
const page = readFileSync(join(tests, '..', 'docs', 'runbook.md'), 'utf8');
const described = JSON.parse(readFileSync(join(tests, '..', 'modules', 'units.json'), 'utf8')) as Readonly<
  Record<'services' | 'paths' | 'timers', object>
>;
const units = [
  ...Object.keys(described.services),
  ...Object.keys(described.paths).map((name) => `${name}.path`),
  ...Object.keys(described.timers).map((name) => `${name}.timer`),
];
const programs = fastGlob
  .sync('*', { cwd: join(tests, '..', 'tools'), onlyDirectories: true })
  .map((tool) => (tool === 'ccci' ? 'ccci' : `ccci-${tool}`));

t.test('every message of the runbook is one of a golden case', async (t) => {
  const blocks = fencedBlocks(page).filter(({ language }) => language === 'text');
  t.ok(blocks.length >= 5);
  for (const { text, line } of blocks) {
    const words = text.replaceAll('/var/lib/ccci', '<scratch>/state');
    t.ok(
      said.some((err) => err.includes(words)),
      `line ${line}: ${text.trim()}`,
    );
  }
});

t.test('every situation has something to do, by programs and units that there are', async (t) => {
  const [, ...situations] = page.split(/^## /m);
  t.ok(situations.length > 12);
  const machine =
    /^(?:systemctl|systemd-run|systemd-tmpfiles|journalctl|jq|ls|df|docker|curl|find|grep|export)$/;
  for (const situation of situations) {
    const title = situation.split('\n')[0] ?? '';
    t.match(situation, /```sh\n|^\|.*\|$|`(?:systemctl|nixos-rebuild|fuser) /m, `${title}: what to do`);
    for (const { text } of fencedBlocks(situation).filter(({ language }) => language === 'sh')) {
      for (const word of commandsIn(text))
        t.ok(machine.test(word) || programs.includes(word), `${title}: ${word} is a program`);
    }
    for (const unit of unitsIn(situation)) t.ok(units.includes(unit), `${title}: ${unit} is a unit`);
  }
});

/** The first word of each command of a block, and of what is given to another one to run. */
function commandsIn(text: string): string[] {
  const lines = text
    .replaceAll(/'[^']*'/g, "''")
    .replaceAll(/#.*$/gm, '')
    .replaceAll(/\\\n */g, ' ')
    .split(/\n|;|&&|\|/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const given = [...text.matchAll(/\b(ccci-[a-z]+) --/g)].map(([, name = '']) => name);
  return [...lines.map((line) => line.split(' ')[0] ?? ''), ...given];
}

/** Units that are started, stopped, or whose words are read; a user may have the same name. */
function unitsIn(text: string): string[] {
  const calls = [
    ...text.matchAll(/\b(?:systemctl (?:start|stop|restart|status)|journalctl -u) ([^`;&|\n]+)/g),
  ];
  return calls.flatMap(([, rest = '']) => rest.match(/\bccci-[a-z]+(?:\.[a-z]+)?/g) ?? []);
}
