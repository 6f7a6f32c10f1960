import type { Modules } from './bundle.ts';

/**
 * One executable file out of a program's modules. They lie in a comment at its end, which Node skips much faster than
 * it parses code; a module is compiled when it is first required, so `--version` never pays for the rest.
 *
 * The file is CommonJS, because a file without extension is CommonJS to every Node from 20.19 to today, wherever it is
 * copied, unless a package.json above it says `"type": "module"`; for an ES module the opposite would have to be
 * said beside every copy, and it starts slower.
 */
export function pack(modules: Modules): string {
  const texts = Object.values(modules).map(hide);
  const table: Record<string, [start: number, end: number]> = {};
  let at = 0;
  for (const [index, name] of Object.keys(modules).entries()) {
    table[name] = [at, at + texts[index]!.length];
    at += texts[index]!.length;
  }
  return `#!/usr/bin/env node\n${loader(table, at)}\n/*${texts.join('')}*/\n`;
}

/** `*` and `/` in a row would end the comment; the loader puts them together again. */
function hide(text: string): string {
  if (text.includes('*@/')) throw new Error('a module contains "*@/", which the pack uses for itself');
  // In ASCII the table's offsets count characters and bytes alike.
  if (/[^\u0000-\u007f]/.test(text)) throw new Error('a module is not ASCII');
  return text.replaceAll('*/', '*@/');
}

function loader(table: object, total: number): string {
  return `'use strict';
const { readFileSync } = require('node:fs');
const { compileFunction } = require('node:vm');
const importMetaUrl = require('node:url').pathToFileURL(__filename).href;
const text = readFileSync(__filename, 'latin1');
const start = text.length - ${total} - 3;
const table = ${JSON.stringify(table)};
const loaded = {};
function load(name) {
  if (!Object.hasOwn(table, name)) return require(name);
  if (Object.hasOwn(loaded, name)) return loaded[name].exports;
  const module = (loaded[name] = { exports: {} });
  const [from, to] = table[name];
  const code = text.slice(start + from, start + to).replaceAll('*@/', '*/');
  const names = ['exports', 'require', 'module', '__filename', '__dirname', 'importMetaUrl'];
  const run = compileFunction(code, names, { filename: __filename + '/' + name.slice(2) });
  run(module.exports, load, module, __filename, __dirname, importMetaUrl);
  return module.exports;
}
load('./main.js');`;
}
