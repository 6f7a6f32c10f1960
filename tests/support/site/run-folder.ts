import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPage } from '@ccci/lib/pages/page.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { writeAssets } from '../../../tools/report/assets.ts';

export type RunFolder = {
  /** Path of the page below the site. */
  readonly path: string;
  readonly folder: string;
  /** Writes the page of what is known by now. */
  readonly page: (view: RunView) => void;
  /** Appends records to the log that the page follows. */
  readonly append: (...records: readonly AnyRecord[]) => void;
  /** Appends text as it is: half a line, or no record at all. */
  readonly appendText: (text: string) => void;
};

/** The folder of one run below a site, with the scripts that its page loads. */
export async function makeRunFolder(root: string, run: string): Promise<RunFolder> {
  const folder = join(root, 'runs', run);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  await writeAssets(root);
  const events = join(folder, 'events.ndjson');
  const appendText = (text: string) => appendFileSync(events, text);
  return {
    path: `/runs/${run}/`,
    folder,
    page: (view) => writeFileSync(join(folder, 'index.html'), runPage(view)),
    append: (...records) => appendText(records.map(encodeLine).join('')),
    appendText,
  };
}
