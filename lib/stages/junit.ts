import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultStage } from '../records/results.ts';
import { junitFiles } from '../results/junit-files.ts';
import { diskFailure } from '../state/disk-failure.ts';

/** Writes `junit/*.xml` of a run's directory, which has that folder: a file per stage and per test file (L33). */
export async function writeJunit(dir: string, recipe: string, stages: readonly ResultStage[]): Promise<void> {
  for (const [name, xml] of junitFiles(recipe, stages)) {
    const path = join(dir, 'junit', name);
    await writeFile(path, xml).catch((error) => {
      throw diskFailure('write', path, error);
    });
  }
}
