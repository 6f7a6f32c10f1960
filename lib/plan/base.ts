import { rm } from 'node:fs/promises';
import { exportCommit, findCommit, isAncestor } from '../git/export.ts';
import type { Tag } from '../git/tags.ts';
import { compareVersions, parseVersion } from '../recipe/versions.ts';
import type { Base } from '../records/plan.ts';
import { publishedBelow } from './published.ts';

export type BaseQuestion = {
  /** The checkout of the commit under test, with its `.git`. */
  readonly dir: string;
  readonly head: string;
  /** Uncommitted files: then the commit itself is a version like any other. */
  readonly dirty: boolean;
  /** Version of the commit under test; null where it has none. */
  readonly version: string | null;
  readonly tags: readonly Tag[];
  /** Tip of the branch that the pull request goes to; null without pull request. */
  readonly target: { readonly name: string; readonly commit: string } | null;
  /** `upgrade.from` of the settings. */
  readonly from: string | null;
  /** Folder to write the base into. */
  readonly into: string;
  readonly rendersSame: (headDir: string, baseDir: string) => Promise<boolean>;
  readonly versionOf: (dir: string) => Promise<string | null>;
  readonly signal?: AbortSignal;
};

/** The base and its folder; or why there is none, and whether it should have been there (`unver`) or not (`skip`). */
export type BaseAnswer =
  | { readonly base: Base; readonly dir: string }
  | { readonly base: null; readonly does: 'skip' | 'unver'; readonly reason: string };

/**
 * Chooses what the upgrade begins from: what operators upgrade from, never a commit of the pull request itself, never
 * a higher version, never what renders the same stack (L37). Source: stages.md, "Base of the upgrade".
 */
export async function chooseBase(question: BaseQuestion): Promise<BaseAnswer> {
  if (question.from !== null) return await takeNamed(question, question.from);
  const published = await publishedBelow(question);
  const same: string[] = [];
  for (const { name, commit } of published) {
    if (await takes(question, commit)) {
      const below = question.version === null ? '' : ` below ${question.version}`;
      const stepped = same.length === 0 ? '' : `; ${same.join(', ')} would render the same stack`;
      const why = `newest published version${below}${stepped}`;
      return { base: { ref: commit, version: name, why }, dir: question.into };
    }
    same.push(name);
  }
  return await takeTarget(question, same);
}

async function takeNamed(question: BaseQuestion, from: string): Promise<BaseAnswer> {
  const { dir, head, dirty, signal } = question;
  const tag = question.tags.find(({ name }) => name === from);
  const commit =
    tag?.commit ??
    (await findCommit(dir, `refs/remotes/origin/${from}`, signal)) ??
    (await findHash(dir, from, signal));
  if (commit === null)
    return unver(`upgrade.from is ${from}, but the repository has no such version, branch or commit`);
  if (commit === head && !dirty)
    return unver(`upgrade.from is ${from}, which is the commit under test itself`);
  if (!(await takes(question, commit))) return unver(`upgrade.from is ${from}, which renders the same stack`);
  const version = parseVersion(from) === null ? null : from;
  return { base: { ref: commit, version, why: 'upgrade.from in recipe.yml' }, dir: question.into };
}

async function findHash(dir: string, from: string, signal?: AbortSignal): Promise<string | null> {
  return /^[0-9a-f]{7,40}$/.test(from) ? await findCommit(dir, from, signal) : null;
}

async function takeTarget(question: BaseQuestion, same: readonly string[]): Promise<BaseAnswer> {
  const { target, dir, head, signal } = question;
  if (target === null || target.commit === head) return none(question, same, null);
  if (await isAncestor(dir, head, target.commit, signal)) {
    return none(question, same, `${target.name} contains the commit already`);
  }
  if (!(await takes(question, target.commit))) {
    return none(question, same, `the tip of ${target.name} renders the same stack`);
  }
  const version = await question.versionOf(question.into);
  if (isHigher(version, question.version)) {
    await rm(question.into, { recursive: true, force: true });
    return none(question, same, `the tip of ${target.name} is a higher version, ${version}`);
  }
  const why = `no published version to upgrade from; tip of ${target.name}`;
  return { base: { ref: target.commit, version: null, why }, dir: question.into };
}

/** Writes the candidate out; keeps it where it renders another stack than the commit under test. */
async function takes({ dir, into, rendersSame, signal }: BaseQuestion, commit: string): Promise<boolean> {
  await exportCommit({ from: dir, ref: commit, into }, signal);
  if (!(await rendersSame(dir, into))) return true;
  await rm(into, { recursive: true, force: true });
  return false;
}

function isHigher(version: string | null, than: string | null): boolean {
  const [a, b] = [version, than].map((text) => (text === null ? null : parseVersion(text)));
  return a != null && b != null && compareVersions(a, b) > 0;
}

function none({ version, tags }: BaseQuestion, same: readonly string[], target: string | null): BaseAnswer {
  const versions = tags.filter(({ name }) => parseVersion(name) !== null);
  if (version !== null && versions.length === 0) {
    return unver(
      `the recipe says it is ${version}, but there is no version tag: tags not fetched or not synced`,
    );
  }
  // A forgotten `-a` must not be climbed past (L54).
  if (version !== null && versions.every(({ annotated }) => !annotated)) {
    const names = versions.map(({ name }) => name).join(', ');
    return unver(
      `no version is published: ${names} only lightweight, and operators get annotated tags (git tag -a)`,
    );
  }
  const below = version === null ? '' : ` below ${version}`;
  const published =
    same.length === 0 ? `no published version${below}` : `${same.join(', ')} would render the same stack`;
  const reason = [published, target].filter((part) => part !== null).join('; ');
  return { base: null, does: 'skip', reason: `nothing to upgrade from: ${reason}` };
}

function unver(reason: string): BaseAnswer {
  return { base: null, does: 'unver', reason };
}
