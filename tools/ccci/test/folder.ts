import { readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { headOf } from '@ccci/lib/git/resolve.ts';
import { codeOf, exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';

/**
 * The folder of a recipe, absolute. `Failure` 65 for whatever else stands there, in words for a person who has never
 * tested one.
 */
export async function findRecipe(named: string, cwd: string): Promise<string> {
  const dir = resolve(cwd, named);
  const entry = await stat(dir).catch((error) => {
    if (codeOf(error) === 'ENOENT') throw refuse('not-there', `${dir} is not there`, whatWasMeant(named));
    throw refuse('not-there', `cannot look at ${dir}: ${messageOf(error)}`, 'check its rights');
  });
  if (!entry.isDirectory()) throw refuse('no-folder', `${dir} is a file`, 'name the folder of a recipe');
  const names = await readdir(dir).catch((error) => {
    throw refuse('not-readable', `cannot read ${dir}: ${messageOf(error)}`, 'check its rights');
  });
  if (names.length === 0) throw refuse('not-a-recipe', `${dir} is empty`, howToGetOne);
  if (!names.some((name) => /^compose.*\.ya?ml$/.test(name))) {
    throw refuse('not-a-recipe', `${dir} is no recipe: there is no compose.yml in it`, howToGetOne);
  }
  await headOf(dir);
  return dir;
}

const howToGetOne =
  'a recipe is a git repository with compose.yml and .env.sample: git clone one, and name its folder';

/** Addresses that other tools take are looked for on the disk here, where they are not. */
function whatWasMeant(named: string): string {
  const [, host, path] =
    /^(?:ssh:\/\/)?(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+)(?::\d+)?[:/](.+)$/.exec(named) ?? [];
  return host === undefined ? 'check the name' : `for a repository: https://${host}/${path}`;
}

function refuse(code: string, message: string, hint: string): Failure {
  return new Failure(exitStatus.badInput, code, message, { hint });
}
