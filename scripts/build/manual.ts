import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import { fillFolder } from './folder.ts';
import { generatedSections, referenceOf } from './manual/generated.ts';
import { type Page, readPage, renderPage } from './manual/page.ts';

/** Fills `dist/share/man`: a page for each program, made of its README, and those of `docs/manual`. Returns how many. */
export async function buildManual(root: string, dist: string, version: string): Promise<number> {
  const pages = await readPages(root);
  const generated = generatedSections(pages);
  const references = pages.map(referenceOf);
  const folders = new Map<number, Map<string, string>>();
  for (const page of pages) {
    const own = referenceOf(page);
    const whole = { ...page, sections: [...page.sections, ...(generated[own] ?? [])] };
    const files = folders.get(page.section) ?? new Map<string, string>();
    const others = references.filter((reference) => reference !== own);
    folders.set(page.section, files.set(`${page.name}.${page.section}`, renderPage(whole, version, others)));
  }
  for (const [section, files] of folders)
    await fillFolder(join(dist, 'share', 'man', `man${section}`), files, 0o644);
  return pages.length;
}

/** All pages of the manual, by section and name. */
async function readPages(root: string): Promise<readonly Page[]> {
  const files = await fastGlob(['tools/*/README.md', 'docs/manual/*.md'], { cwd: root });
  const pages = await Promise.all(
    files.map(async (file) => readPage(await readFile(join(root, file), 'utf8'), file)),
  );
  return pages.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf({ name, section }: Page): string {
  return `${section} ${name}`;
}
