import { join } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { appEnvironment } from '../recipe/app-env.ts';
import { composeFiles, parseStack, printStack, type Stack } from '../recipe/compose.ts';
import { type EnvEntry, parseEnvFile } from '../recipe/env-file.ts';
import { prepareForRun, type StackFile } from '../recipe/for-run.ts';
import { judgePolicy, type Refusal } from '../recipe/policy.ts';
import { makeSourceOf, type SourceFile } from '../recipe/source-of.ts';
import { renderStack } from '../swarm/render.ts';
import type { RunContext } from './context.ts';
import { readInside, textInside } from './read-inside.ts';

/** A stack as it will be deployed: rendered once, judged, and given the run's own network and labels. */
export type Prepared = {
  /** Folder of the checkout that it comes from. */
  readonly dir: string;
  readonly ref: string;
  /** As the recipe has it: labels, volumes and services are read from this. */
  readonly rendered: Stack;
  /** Exactly what is deployed. */
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entries: readonly EnvEntry[];
  readonly files: readonly StackFile[];
  readonly externalSecrets: readonly { readonly key: string; readonly name: string }[];
  readonly refusals: readonly Refusal[];
  /** What an operator must do, in words, when `keep` was given. */
  readonly added: readonly string[];
};

/** What of a deployment says how it is asked. */
export type Rendered = Pick<Prepared, 'rendered'>;

export type PrepareOptions = {
  readonly dir: string;
  readonly ref: string;
  /** Operator's overlays, absolute paths. */
  readonly overlays: readonly string[];
  /** `.env` of the base: an upgrade keeps the operator's. */
  readonly keep?: Readonly<Record<string, string>>;
  readonly keptSample?: readonly EnvEntry[];
  readonly overrides?: Readonly<Record<string, string>>;
};

/** All of a run that its stack depends on; nothing of it is an engine's. */
export type PrepareContext = Pick<
  RunContext,
  'domain' | 'stack' | 'network' | 'settings' | 'owner' | 'signal' | 'limits'
> & {
  readonly trigger: Pick<RunContext['trigger'], 'recipe'>;
  readonly ingress: Pick<RunContext['ingress'], 'kind'>;
  readonly directory: Pick<RunContext['directory'], 'id'>;
  readonly discovery: Pick<RunContext['discovery'], 'testsFolder' | 'checkout' | 'plan'>;
};

/** Renders, judges and prepares the stack of one commit. What cannot be rendered is a `Failure` with status 65. */
export async function prepareStack(context: PrepareContext, options: PrepareOptions): Promise<Prepared> {
  const sample = (await readInside(options.dir, '.env.sample')) ?? null;
  const { env, added } = appEnvironment({
    sample,
    abra: (await readInside(options.dir, 'abra.sh')) ?? null,
    domain: context.domain,
    recipe: context.trigger.recipe,
    overrides: options.overrides ?? context.settings.env,
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.keptSample === undefined ? {} : { keptSample: options.keptSample }),
  });
  const files = await Promise.all(composeFiles(env).map((file) => composePath(options.dir, file)));
  const rendered = parseStack(
    await renderStack({
      files: [...files, ...options.overlays],
      env,
      cwd: options.dir,
      signal: context.signal,
    }),
  );
  const refusals = judgePolicy(rendered, {
    allow: context.settings.allow,
    stackName: context.stack,
    network: context.network,
    domain: context.domain,
    folders: [
      options.dir,
      ...(context.discovery.testsFolder === null ? [] : [context.discovery.testsFolder]),
    ],
    sourceOf: makeSourceOf(await readSources(options.dir, composeFiles(env)), env),
  });
  const prepared = prepareForRun(rendered, {
    stackName: context.stack,
    network: context.network,
    owner: context.owner,
    run: context.directory.id,
    ref: options.ref,
    commitLabel: `${options.ref.slice(0, 8)}${context.discovery.checkout.dirty ? '+U' : ''}`,
    isProxied: context.ingress.kind === 'traefik',
    env,
    keepPorts: context.settings.exclusive,
    limits: context.limits,
  });
  return {
    dir: options.dir,
    ref: options.ref,
    rendered,
    text: printStack(prepared.stack),
    env,
    entries: parseEnvFile(sample ?? ''),
    files: prepared.files,
    externalSecrets: prepared.externalSecrets,
    refusals,
    added,
  };
}

/** Overlays of the operator's tree that exist for this side, absolute. */
export function overlayPaths(context: Pick<PrepareContext, 'discovery'>, side: 'head' | 'base'): string[] {
  const folder = context.discovery.testsFolder;
  if (folder === null) return [];
  return context.discovery.plan.overlays
    .filter((overlay) => overlay.for === 'both' || side === 'base')
    .map((overlay) => join(folder, overlay.file));
}

async function composePath(dir: string, file: string): Promise<string> {
  const path = await textInside(dir, file);
  if (path !== undefined) return path;
  throw new Failure(exitStatus.badInput, 'no-compose-file', `${file} is not in the recipe`, {
    hint: 'COMPOSE_FILE in .env.sample names it, or it is the default compose.yml',
  });
}

async function readSources(dir: string, files: readonly string[]): Promise<SourceFile[]> {
  return Promise.all(files.map(async (name) => ({ name, text: (await readInside(dir, name)) ?? '' })));
}
