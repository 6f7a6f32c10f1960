import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { readConfigFile } from '@ccci/lib/config/read-file.ts';
import type { Config } from '@ccci/lib/config/schema.ts';
import { codeOf, exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { explainInstall } from './install.ts';
import { checkPath, checkPaths } from './paths.ts';
import { readTable, type Table } from './table.ts';
import { makeTree } from './tree.ts';

/** Binds the program to its process: configuration and flags in, a folder of files and what to do with it out. */
export async function runUnits(io: ProgramIo): Promise<void> {
  const { flags } = io;
  // As a service reads it: a server's defaults, whoever asks.
  const loaded = await loadConfig({ section: 'units', ...io, isRoot: true });
  const { table, scripts } = readTable();
  const output = await openOutput(flags.output, io.cwd);
  const config = await onServer(loaded, table);
  checkPaths(config);
  const bin = resolve(io.cwd, String(flags.bin ?? fileURLToPath(new URL('.', import.meta.url))));
  const isLocal = config.stage.dockerHost === undefined;
  const values = {
    ...table.defaults,
    bash: '/bin/bash',
    bin: checkPath('--bin', bin),
    host: checkPath('the folder of ccci', scripts),
    state: config.state,
    runs: config.runs,
    pages: String(config.report.directory),
    ...(config.metrics.directory === undefined ? {} : { metrics: config.metrics.directory }),
    ...(flags.pool === undefined ? {} : { pool: String(flags.pool) }),
    ...(flags.sweep === undefined ? {} : { sweepCalendar: String(flags.sweep) }),
  };
  const has = {
    'ccci-hook': hasHookSecret(config),
    'ccci-sweep': flags.sweep !== undefined,
    sweep: flags.sweep !== undefined,
    localEngine: isLocal,
    firewall: isLocal && flags.firewall !== false,
    metrics: config.metrics.directory !== undefined,
  };
  const files = makeTree({ table, config, values, has });
  for (const [path, content] of files) await write(join(output, path), content);
  await io.output.text(explainInstall({ output, files: [...files.keys()], bin }));
}

/** The folder to write to; what somebody else wrote there is never mixed with ours. */
async function openOutput(given: unknown, cwd: string): Promise<string> {
  if (typeof given !== 'string') {
    throw new Failure(exitStatus.usage, 'no-output', '--output is missing', {
      hint: 'name a folder that is new or empty: ccci-units --config /etc/ccci/ccci.yml --output ./host',
    });
  }
  const output = resolve(cwd, given);
  const there = await readdir(output).catch((error) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw new Failure(exitStatus.inputOutput, 'bad-output', `cannot write to ${output}: ${messageOf(error)}`);
  });
  if (there.length === 0) return output;
  throw new Failure(exitStatus.usage, 'output-in-use', `${output} is not empty`, {
    hint: 'name another folder, or remove it first',
  });
}

/** Where the file says nothing, folders are those of a server. */
async function onServer(config: LoadedConfig, { defaults }: Table): Promise<LoadedConfig> {
  const file = config.from === null ? {} : await readConfigFile(config.from);
  const testsDir = file.testsDir === undefined ? `${config.state}/no-tests` : config.testsDir;
  const runs = file.runs === undefined ? String(defaults.runs) : config.runs;
  const directory = config.report.directory ?? String(defaults.pages);
  return { ...config, testsDir, runs, report: { ...config.report, directory } };
}

function hasHookSecret({ forges }: Config): boolean {
  return Object.values(forges).some(
    ({ hookSecretFile, hookSecretFiles }) =>
      hookSecretFile !== undefined || Object.keys(hookSecretFiles).length > 0,
  );
}

async function write(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw new Failure(exitStatus.inputOutput, 'write-failed', `cannot write ${path}: ${messageOf(error)}`, {
      hint: isAbsolute(path) ? 'choose another --output' : undefined,
    });
  }
}
