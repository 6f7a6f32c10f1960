import { deflateRawSync } from 'node:zlib';
import type { Modules } from './bundle.ts';

/**
 * One executable file out of a program's modules. What it always needs is code at its start. The rest lies in a comment
 * at its end, which Node skips much faster than it parses code; such a module is read and compiled when it is first
 * required, so `--version` never pays for it.
 *
 * The file is CommonJS, because a file without extension is CommonJS to every Node from 20.19 to today, wherever it is
 * copied, unless a package.json above it says `"type": "module"`; for an ES module the opposite would have to be
 * said beside every copy, and it starts slower.
 */
export function pack(modules: Modules): string {
  const early = modules.filter(({ isEarly }) => isEarly);
  const late = modules.filter(({ isEarly }) => !isEarly);
  const texts = late.map(({ text }) => hide(text));
  const table: Record<string, [offset: number, length: number]> = {};
  let at = 0;
  for (const [index, { name }] of late.entries()) {
    table[name] = [at, texts[index]!.length];
    at += texts[index]!.length;
  }
  const functions = early
    .map(({ name, text }) => `${JSON.stringify(name)}(${parameters}){${text}\n}`)
    .join(',\n');
  return `#!/usr/bin/env node\n${loader(functions, table, at)}\n/*${texts.join('')}*/\n`;
}

const parameters = 'exports, require, module, __filename, __dirname, importMetaUrl';

/** Compressed, for Node reads and skips the whole file at each start; and in letters that cannot end a comment. */
function hide(text: string): string {
  return deflateRawSync(text, { level: 9 }).toString('base64');
}

/** The file stays open, so that a program finds its own late modules when a new build has replaced it. */
function loader(early: string, table: object, total: number): string {
  return `'use strict';
const fs = require('node:fs');
const importMetaUrl = require('node:url').pathToFileURL(__filename).href;
const file = fs.openSync(__filename, 'r');
const start = fs.fstatSync(file).size - ${total} - 3;
const late = ${JSON.stringify(table)};
const early = {
${early}
};
const loaded = {};
function compile(name) {
  const [offset, length] = late[name];
  const bytes = Buffer.allocUnsafe(length);
  for (let read = 0; read < length; ) {
    const more = fs.readSync(file, bytes, read, length - read, start + offset + read);
    if (more === 0) throw new Error(__filename + ' was cut short');
    read += more;
  }
  const code = require('node:zlib').inflateRawSync(Buffer.from(bytes.latin1Slice(), 'base64')).toString();
  return require('node:vm').compileFunction(code, '${parameters}'.split(', '), {
    filename: __filename + '/' + name.slice(2),
  });
}
function load(name) {
  if (Object.hasOwn(loaded, name)) return loaded[name].exports;
  const isEarly = Object.hasOwn(early, name);
  if (!isEarly && !Object.hasOwn(late, name)) return require(name);
  const module = (loaded[name] = { exports: {} });
  (isEarly ? early[name] : compile(name))(module.exports, load, module, __filename, __dirname, importMetaUrl);
  return module.exports;
}
load('./main.js');`;
}
