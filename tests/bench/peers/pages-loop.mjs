// pages-loop.mjs durably|plainly LIST: reads the files that LIST names (a JSON array of `[path]`) and writes files of the
// same sizes as ours (`[path, bytes]`); `durably` as ccci writes pages of runs: write, fsync, rename, fsync of the folder.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [way, list] = process.argv.slice(2);
for (const [path, bytes] of JSON.parse(readFileSync(list, 'utf8'))) {
  if (bytes === undefined) readFileSync(path);
  else write(path, 'x'.repeat(bytes));
}

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  if (way !== 'durably' || !/runs\/[^/]+\/(index\.html|badge\.svg)$/.test(path)) {
    writeFileSync(path, content);
    return;
  }
  writeFileSync(`${path}.tmp`, content);
  sync(`${path}.tmp`);
  renameSync(`${path}.tmp`, path);
  sync(dirname(path));
}

function sync(path) {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
