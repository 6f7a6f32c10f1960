import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Shot, ShotRequest } from '../browser/shot.ts';
import { findHelpers } from '../testing/helpers.ts';
import { type Host, runInside } from '../testing/run-inside.ts';
import { nodeInside, treeInside } from '../testing/sandbox.ts';

export type ShootOptions = {
  readonly url: string;
  readonly hosts: readonly Host[];
  readonly caFile?: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
};

/** What each process of Chromium may hold: a page that wants more crashes alone. */
const memoryBytes = 2 * 1024 ** 3;
/** Beside the built programs (`dist/bin`), and for the code itself where a build has been made. */
const places = ['../browser/', '../../dist/browser/'];

/**
 * Takes a picture of a page in the sandbox that tests run in: as another user, with the names of the run alone, without
 * the engine, the run's directory or any secret (security.md, row browser on hostile pages). Where that does not work,
 * the answer says why; `Failure` `no-sandbox` where there is no sandbox.
 */
export async function shootPage({ url, hosts, caFile, limitMs, signal }: ShootOptions): Promise<Shot> {
  const tree = await findDriver();
  if (tree === null || (await findHelpers()) === null)
    return { none: 'the folders browser/ and test/ are not beside the programs: install ccci with them' };
  // It gives up by itself, a little before it is ended.
  const request: ShotRequest = { url, limitMs: limitMs * 0.9 };
  const { report, timedOut, output } = await runInside({
    command: [nodeInside, `${treeInside}/shoot.mjs`],
    tree,
    env: {},
    hosts,
    caFile,
    stdin: JSON.stringify(request),
    memoryBytes,
    timeoutMs: limitMs,
    signal,
    onLine: () => {},
  });
  const shot = readShot(report);
  // At the limit Chromium is ended first: what its driver says of that is not why.
  if (timedOut && (shot === null || 'none' in shot))
    return { none: `it took longer than ${limitMs / 1000} s` };
  return shot ?? { none: `no answer: ${output.trim().split('\n').at(-1) ?? ''}` };
}

/** The folder with `shoot.mjs`; null where a program was copied without it. */
async function findDriver(): Promise<string | null> {
  for (const place of places) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    const isThere = await access(`${folder}/shoot.mjs`).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return null;
}

/** What came out of the sandbox is as foreign as the page: only what has the right shape is an answer. */
function readShot(report: string): Shot | null {
  try {
    const { png, text, notes, none, isChromiumMissing } = JSON.parse(report);
    if (typeof none === 'string') return isChromiumMissing === true ? { none, isChromiumMissing } : { none };
    const isWhole = typeof png === 'string' && typeof text === 'string' && Array.isArray(notes);
    return isWhole ? { png, text, notes: notes.map(String) } : null;
  } catch {
    return null;
  }
}
