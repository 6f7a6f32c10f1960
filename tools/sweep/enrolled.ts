import type { ForgeRepository } from '@ccci/lib/forge/types.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Asker } from './asker.ts';
import type { SweptForge } from './forges.ts';

export type EnrolledRepository = ForgeRepository & { readonly forge: SweptForge };

/**
 * The repositories that are enrolled on a forge: those of its organisations, then single ones, which are asked for only
 * where no organisation has them. One that was renamed is found by its old name and taken by its new one, so it may
 * come twice, with the same `id`.
 */
export async function listEnrolled(
  forge: SweptForge,
  asker: Asker,
  log: Log,
): Promise<readonly EnrolledRepository[]> {
  const found: EnrolledRepository[] = [];
  const add = (repository: ForgeRepository) => found.push({ ...repository, forge });
  for (const organisation of uniqueNames(forge.organisations)) {
    const source = `${forge.client.name}/${organisation}`;
    const list = await asker.ask(source, () => forge.client.listRepositories(organisation));
    for (const repository of list?.repositories ?? []) add(repository);
    if (list !== undefined && list.hidden > 0) log.warning(sayHidden(source, list.hidden));
  }
  for (const fullName of uniqueNames(forge.repositories)) {
    if (found.some((one) => isSame(`${one.owner}/${one.name}`, fullName))) continue;
    const repository = await askSingle(fullName, { forge, asker, log });
    if (repository !== null) add(repository);
  }
  return found;
}

/** `<forge>/<owner>/<name>`, as messages name it. */
export function placeOf({ forge, owner, name }: EnrolledRepository): string {
  return `${forge.client.name}/${owner}/${name}`;
}

type Asking = { readonly forge: SweptForge; readonly asker: Asker; readonly log: Log };

async function askSingle(fullName: string, { forge, asker, log }: Asking): Promise<ForgeRepository | null> {
  const [owner = '', name = ''] = fullName.split('/');
  const source = `${forge.client.name}/${fullName}`;
  const repository = await asker.ask(source, () => forge.client.repository({ owner, name }));
  if (repository === undefined) return null;
  if (repository === null) {
    const hint = 'check the name, and that the bot user may see it';
    asker.note({ source, message: `${source} is enrolled, but not there`, hint });
    return null;
  }
  const present = `${repository.owner}/${repository.name}`;
  if (!isSame(present, fullName)) {
    log.warning(
      `${source} is called ${present} now: write that into forges.${forge.client.name}.repositories`,
    );
  }
  return repository;
}

function sayHidden(source: string, hidden: number): string {
  const repositories = hidden === 1 ? '1 repository' : `${hidden} repositories`;
  return `${source} has ${repositories} that the bot user may not see: not swept`;
}

function uniqueNames(names: readonly string[]): readonly string[] {
  return names.filter((name, at) => names.findIndex((other) => isSame(other, name)) === at);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
