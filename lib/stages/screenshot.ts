import { join } from 'node:path';
import { writePicture } from '../pictures/write.ts';
import { Failure, messageOf } from '../program/failure.ts';
import type { RunContext } from './context.ts';
import { reachOf } from './reach.ts';
import { shootPage } from './shoot-page.ts';

/** After the install of the commit, and after the upgrade to it. */
export type ScreenshotName = 'screenshot.png' | 'screenshot-upgrade.png';

/**
 * Takes a picture of the landing page as it is now. It is presentation: whatever goes wrong is a line of the log, and
 * costs neither the stage nor the run any time (design.md, rule 8).
 */
export async function takeScreenshot(
  context: RunContext,
  name: ScreenshotName,
  shootIt: typeof shootPage = shootPage,
): Promise<void> {
  const { settings, scratch, screenshotMs, recorder } = context;
  if (screenshotMs === null || settings.screenshot === false || scratch.isBrowserMissing) return;
  const door = scratch.frontDoor;
  if (door === null || !door.url.startsWith('https://')) return;
  const url = `${door.url}${settings.screenshot === true ? '/' : settings.screenshot}`;
  await context.aside(async () => {
    const words = await shoot(context, { name, url, limitMs: screenshotMs, shootIt }).catch(problemOf);
    for (const line of words) await recorder.say('screenshot', line);
  });
}

type Wanted = {
  readonly name: ScreenshotName;
  readonly url: string;
  readonly limitMs: number;
  readonly shootIt: typeof shootPage;
};

/** What there is to say about it, besides the picture. */
async function shoot(
  context: RunContext,
  { name, url, limitMs, shootIt }: Wanted,
): Promise<readonly string[]> {
  const { scratch, masker, directory, signal } = context;
  const shot = await shootIt({ url, ...(await reachOf(context)), limitMs, signal });
  if ('none' in shot) {
    if (shot.isChromiumMissing === true) scratch.isBrowserMissing = true;
    return signal.aborted ? [] : [`no ${name}: ${shot.none}`];
  }
  // Letters that are set apart from one another are read as one word.
  const isTelling = masker.finds(shot.text) || masker.finds(shot.text.replaceAll(/\s+/g, ''));
  if (isTelling) return [`no ${name}: the page shows a secret of the run`];
  const { cleanPng } = await import('../pictures/png.ts');
  await writePicture(join(directory.dir, name), cleanPng(Buffer.from(shot.png, 'base64')));
  scratch.pictures.add(name);
  return shot.notes.map((note) => `${name}: ${note}`);
}

function problemOf(error: unknown): readonly string[] {
  const hint = error instanceof Failure && error.hint !== undefined ? ` (${error.hint})` : '';
  return [`no picture of the landing page: ${messageOf(error)}${hint}`];
}
