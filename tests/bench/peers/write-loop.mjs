// write-loop.mjs DIR: makes each line of its input a durable file in DIR: write, fsync, rename, fsync of the folder.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [dir] = process.argv.slice(2);
const lines = readFileSync(0, 'utf8').split('\n');
lines.pop();
for (const [index, line] of lines.entries()) {
  const temporary = join(dir, `${index}.tmp`);
  const file = openSync(temporary, 'w');
  writeSync(file, `${line}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, join(dir, `${index}.json`));
  const folder = openSync(dir, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
