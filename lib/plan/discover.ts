import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isBelowForge, isLocalPath, judgeAddress } from '../git/address.ts';
import { type Checkout, checkout } from '../git/checkout.ts';
import { findCommit } from '../git/export.ts';
import { dropStore, type Stores } from '../git/store.ts';
import { exitStatus, Failure } from '../program/failure.ts';
import type { Settings } from '../recipe/settings.ts';
import type { Stamping } from '../records/encode.ts';
import type { Plan } from '../records/plan.ts';
import type { Trigger } from '../records/trigger.ts';
import { type BaseAnswer, chooseBase } from './base.ts';
import { checkBaseOverlay } from './overlays.ts';
import { versionAt } from './published.ts';
import { type RecipeFacts, readRecipeFacts } from './recipe-facts.ts';
import { planRepositoryTests } from './repository-tests.ts';
import { readTree, type Tree } from './tree.ts';
import { writePlan } from './write-plan.ts';

export type DiscoverOptions = {
  /** Folder of the run's own; `head` and `base` are made in it. */
  readonly into: string;
  /** The operator's tree of tests, a folder per recipe. */
  readonly testsDir: string;
  readonly allowLocal: boolean;
  readonly forgeUrls: readonly string[];
  /** Where fetched repositories are kept between runs. */
  readonly stores?: Stores | undefined;
  readonly stamping: Stamping;
  readonly signal?: AbortSignal;
  /** Whether two checked-out commits render the same stack; by default judged by the text of their files. */
  readonly rendersSame?: (headDir: string, baseDir: string, tree: Tree) => Promise<boolean>;
};

export type Discovery = {
  readonly plan: Plan;
  /** Folder of the commit under test. */
  readonly head: string;
  /** Folder of the base of the upgrade. */
  readonly base: string | null;
  readonly settings: Settings;
  /** Absolute `tests/<recipe>`; null where the operator has none. */
  readonly testsFolder: string | null;
  readonly checkout: Checkout;
  /** Tip of the branch that the pull request goes to; null without pull request. */
  readonly target: Target | null;
  readonly tree: Tree;
  /** Folder of the commit that tests of the recipe's own repository are taken from; null where none are to run. */
  readonly repositoryFolder: string | null;
};

export type Target = { readonly name: string; readonly commit: string };

/**
 * Checks the commit out and says what would run: stages, tests, hooks, settings, overlays, base of the upgrade.
 * Broken settings, hooks or overlays, and a repository that cannot be used, are a `Failure` with status 65 or 69.
 */
export async function discover(trigger: Trigger, options: DiscoverOptions): Promise<Discovery> {
  const { stores, into, ...rest } = options;
  try {
    return await discoverOnce(trigger, options);
  } catch (error) {
    const isBroken = error instanceof Failure && error.code === 'git-failed' && !isLocalPath(trigger.repo);
    if (stores === undefined || !isBroken) throw error;
    // What git cannot read may be the store's fault: it goes, and the forge is asked again.
    await dropStore(judgeAddress(trigger.repo, options), stores);
    await rm(into, { recursive: true, force: true });
    return await discoverOnce(trigger, { ...rest, into });
  }
}

async function discoverOnce(trigger: Trigger, options: DiscoverOptions): Promise<Discovery> {
  const tree = await readTree(options.testsDir, trigger.recipe, options.signal);
  const checked = await takeCommit(trigger, options);
  const facts = await readRecipeFacts(checked.dir);
  if (!facts.isRecipe) {
    throw new Failure(
      exitStatus.badInput,
      'not-a-recipe',
      `${trigger.repo} has no compose.yml at ${checked.ref}`,
      {
        hint: 'a recipe is a repository with compose.yml and .env.sample',
      },
    );
  }
  const version = versionOf(checked, facts);
  const target = await targetOf(trigger, checked.dir, options.signal);
  const answer = await findBase({ checked, version, tree, target }, options);
  checkBaseOverlay({
    overlays: tree.overlays,
    declared: tree.settings.upgrade.overlay?.for ?? null,
    base: answer.base,
    folder: trigger.recipe,
  });
  const baseFacts = answer.base === null ? null : await readRecipeFacts(answer.dir);
  const own = await planRepositoryTests({
    head: checked.dir,
    target,
    isAllowed: tree.settings.repositoryTests !== null,
    into: join(options.into, 'target'),
    signal: options.signal,
  });
  const warnings = [...tree.warnings, ...own.warnings];
  const tests = [...tree.tests, ...own.tests];
  const found = { checked, facts, baseFacts, version, tree, tests, answer, warnings };
  return {
    plan: writePlan(trigger, found, options.stamping),
    head: checked.dir,
    base: answer.base === null ? null : answer.dir,
    settings: tree.settings,
    testsFolder: tree.folder,
    checkout: checked,
    target,
    tree,
    repositoryFolder: own.folder,
  };
}

async function takeCommit(trigger: Trigger, options: DiscoverOptions): Promise<Checkout> {
  const { forgeUrls, allowLocal, into, stores, signal } = options;
  const isForeign =
    trigger.forge !== undefined && forgeUrls.length > 0 && !isBelowForge(trigger.repo, forgeUrls);
  if (isForeign && !allowLocal) {
    const message = `repository ${trigger.repo} is not used: it is not below a configured forge`;
    throw new Failure(exitStatus.badInput, 'git-refused', message, { hint: 'see forges.<name>.url' });
  }
  return await checkout({
    repo: trigger.repo,
    ref: trigger.ref,
    worktree: trigger.worktree === true,
    into: join(into, 'head'),
    ...(trigger.pr === undefined ? {} : { pull: trigger.pr.number }),
    allowLocal,
    forgeUrls,
    stores,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Tag at the commit, or the label of `compose.yml`; with uncommitted files the label says more than the tag. */
function versionOf({ tags, ref, dirty }: Checkout, { versionLabel }: RecipeFacts): string | null {
  const tagged = versionAt(tags, ref);
  return dirty ? (versionLabel ?? tagged) : (tagged ?? versionLabel);
}

type Known = Pick<Discovery, 'tree' | 'target'> & {
  readonly checked: Checkout;
  readonly version: string | null;
};

async function findBase(known: Known, options: DiscoverOptions): Promise<BaseAnswer> {
  const { checked, version, tree, target } = known;
  const rendersSame = options.rendersSame ?? rendersSameText;
  return await chooseBase({
    dir: checked.dir,
    head: checked.ref,
    dirty: checked.dirty,
    version,
    tags: checked.tags,
    target,
    from: tree.settings.upgrade.from,
    into: join(options.into, 'base'),
    rendersSame: (headDir, baseDir) => rendersSame(headDir, baseDir, tree),
    versionOf: async (dir) => (await readRecipeFacts(dir)).versionLabel,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** The target branch as it was when the trigger was seen; as it is now where that commit is gone. */
async function targetOf({ pr }: Trigger, dir: string, signal?: AbortSignal): Promise<Target | null> {
  if (pr === undefined) return null;
  const seen = await findCommit(dir, pr.base.sha, signal);
  const commit = seen ?? (await findCommit(dir, `refs/remotes/origin/${pr.base.ref}`, signal));
  return commit === null ? null : { name: pr.base.ref, commit };
}

async function rendersSameText(headDir: string, baseDir: string): Promise<boolean> {
  const [head, base] = await Promise.all([readRecipeFacts(headDir), readRecipeFacts(baseDir)]);
  return head.comparable === base.comparable;
}
