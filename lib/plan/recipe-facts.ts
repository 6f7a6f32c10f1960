import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { composeFiles, isMap } from '../recipe/compose.ts';
import { expandEnv, expandText, parseEnvFile } from '../recipe/env-file.ts';
import { isTrue } from '../recipe/labels.ts';

/** Largest text file of a recipe that is read, bytes. */
export const textLimitBytes = 1024 ** 2;

/** What the files of a recipe say before anything is rendered; enough to plan, not to judge. */
export type RecipeFacts = {
  /** False where there is no compose file at all. */
  readonly isRecipe: boolean;
  /** Version label in `compose.yml`. */
  readonly versionLabel: string | null;
  readonly hasBackupLabels: boolean;
  /** All that decides what is deployed, as text, version and chaos labels apart: equal means the same stack. */
  readonly comparable: string;
};

/** Reads those facts from a checked-out recipe; files outside it and broken ones count as not there. */
export async function readRecipeFacts(dir: string): Promise<RecipeFacts> {
  const sample = (await readInside(dir, '.env.sample')) ?? '';
  const env = expandLoosely(sample);
  const names = composeFiles(env);
  const texts = await Promise.all(names.map(async (name) => (await readInside(dir, name)) ?? ''));
  const abra = (await readInside(dir, 'abra.sh')) ?? '';
  const stacks = texts.map((text) => parseLoosely(text));
  const attached = await readAttached(dir, stacks);
  return {
    isRecipe: texts.some((text) => text !== ''),
    versionLabel: versionLabelOf((await readInside(dir, 'compose.yml')) ?? texts.join('\n')),
    hasBackupLabels: stacks.some((stack) => hasBackupLabel(stack, env)),
    comparable: [sample, abra, ...names, ...texts.map(withoutVersion), ...attached].join('\0'),
  };
}

/** A text file inside the folder after links; null where there is none. Source: security.md, "files through links". */
async function readInside(dir: string, name: string): Promise<string | null> {
  try {
    const root = await realpath(dir);
    const path = await realpath(resolve(dir, name));
    if (!path.startsWith(`${root}${sep}`)) return null;
    const { size } = await stat(path);
    // Rendering says that it is too large; here it is enough that it is there.
    return size > textLimitBytes ? ' ' : await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

/** What cannot be expanded is said when the stack is rendered. */
function expandLoosely(sample: string): Record<string, string> {
  try {
    return expandEnv(parseEnvFile(sample), {});
  } catch {
    return {};
  }
}

/** Files of configs and secrets: a change in one of them changes what is deployed. */
async function readAttached(dir: string, stacks: readonly Record<string, unknown>[]): Promise<string[]> {
  const objects = stacks.flatMap((stack) => [stack.configs, stack.secrets].filter(isMap));
  const files = objects.flatMap((all) => Object.values(all).flatMap((one) => (isMap(one) ? [one.file] : [])));
  const names = [...new Set(files.filter((file) => typeof file === 'string'))].sort();
  return await Promise.all(names.map(async (name) => (await readInside(dir, name)) ?? ''));
}

function parseLoosely(text: string): Record<string, unknown> {
  try {
    const value: unknown = parse(text, { merge: true, logLevel: 'silent' });
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

const versionLine = /coop-cloud\.\$\{STACK_NAME\}\.version["']?\s*[=:]\s*["']?([^\s"']+)/;

function versionLabelOf(text: string): string | null {
  return versionLine.exec(text)?.[1] ?? null;
}

function withoutVersion(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/coop-cloud\.\$\{STACK_NAME\}\.(version|chaos|chaos-version)\b/.test(line))
    .join('\n');
}

function hasBackupLabel(stack: Record<string, unknown>, env: Readonly<Record<string, string>>): boolean {
  const services = isMap(stack.services) ? Object.values(stack.services) : [];
  const labels = services.flatMap((service) =>
    isMap(service) && isMap(service.deploy) ? labelPairs(service.deploy.labels) : [],
  );
  return labels.some(([key, value]) => key === 'backupbot.backup' && isTrue(expandText(value, env)));
}

function labelPairs(labels: unknown): [string, string][] {
  if (isMap(labels)) return Object.entries(labels).map(([key, value]) => [key, String(value)]);
  if (!Array.isArray(labels)) return [];
  return labels.map((label) => {
    const [key = '', ...rest] = String(label).split('=');
    return [key, rest.join('=')];
  });
}
