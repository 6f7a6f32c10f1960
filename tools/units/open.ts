import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { readConfigFile } from '@ccci/lib/config/read-file.ts';
import type { Config } from '@ccci/lib/config/schema.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { checkCalendar } from './calendar.ts';
import { forgeProblems } from './forges.ts';
import { explainInstall } from './install.ts';
import { openOutput, writeTree } from './output.ts';
import { checkPath, pathProblems } from './paths.ts';
import { checkPool } from './pool.ts';
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
  checkConfiguration(config);
  const bin = resolve(io.cwd, String(flags.bin ?? fileURLToPath(new URL('.', import.meta.url))));
  const places = { bin: checkPath('--bin', bin), host: checkPath('the folder of ccci', scripts) };
  const values = { ...table.defaults, ...places, ...valuesOf(config, flags) };
  checkEngine(values, config, flags);
  const files = makeTree({ table, config, values, has: partsOf(config, flags) });
  await writeTree(output, files);
  if (isLocal(config) && Object.values(config.forges).some(({ forks }) => forks)) {
    io.log.warning(
      "pull requests from forks are tested on this host's own engine, and who holds an engine's socket is root on its machine: give the stage an engine on a machine of its own (stage.dockerHost)",
    );
  }
  await io.output.text(explainInstall({ output, files: [...files.keys()], bin, scripts }));
}

/** For `@name@` in the table, where the configuration or a flag has another than its default. */
function valuesOf({ state, runs, report, metrics }: LoadedConfig, { pool, sweep }: ProgramIo['flags']) {
  return {
    bash: '/bin/bash',
    state,
    runs,
    pages: String(report.directory),
    ...(metrics.directory === undefined ? {} : { metrics: metrics.directory }),
    ...(pool === undefined ? {} : { pool: String(pool) }),
    ...(sweep === undefined ? {} : { sweepCalendar: checkCalendar(String(sweep)) }),
  };
}

/** What of `needs` in the table this host has, and which units by name. */
function partsOf(config: Config, { sweep, firewall }: ProgramIo['flags']) {
  return {
    'ccci-hook': hasHookSecret(config),
    'ccci-sweep': sweep !== undefined,
    sweep: sweep !== undefined,
    localEngine: isLocal(config),
    firewall: isLocal(config) && firewall !== false,
    metrics: config.metrics.directory !== undefined,
  };
}

/** Whether runs are on this machine's engine. */
function isLocal({ stage }: Config): boolean {
  return stage.dockerHost === undefined;
}

/** All that is wrong, at once; `Failure` 78. */
function checkConfiguration(config: LoadedConfig): void {
  const problems = [...forgeProblems(config), ...pathProblems(config)];
  if (problems.length === 0) return;
  const where = config.from ?? 'no configuration was given';
  throw new Failure(exitStatus.configuration, 'bad-configuration', `${where}: ${problems.join('; ')}`, {
    hint: config.from === null ? 'name the file with --config' : 'mend that file, and run this again',
  });
}

/** Where the engine is this machine's, its networks have to have room; elsewhere nothing here makes them. */
function checkEngine(
  { pool = '', poolMask, proxySubnet = '' }: Readonly<Record<string, string>>,
  config: Config,
  flags: ProgramIo['flags'],
): void {
  const { dockerHost, slots } = config.stage;
  if (isLocal(config)) checkPool({ pool, mask: Number(poolMask), proxySubnet, slots });
  else if (flags.pool !== undefined) {
    const message = `--pool says nothing here: runs are on the engine ${dockerHost}, and its swarm is made there`;
    throw new Failure(exitStatus.usage, 'bad-pool', message, { hint: 'leave --pool out' });
  }
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
