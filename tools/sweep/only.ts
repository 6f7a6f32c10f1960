import { didYouMean } from '@ccci/lib/program/nearest.ts';
import { type EnrolledRepository, placeOf } from './enrolled.ts';

export type Chosen<Repository> = {
  readonly repositories: readonly Repository[];
  /** What is wrong with names that nothing enrolled has, in words. */
  readonly unknown: readonly string[];
};

/** The repositories that `--only` names, as `ghost`, `recipes/ghost` or `git/recipes/ghost`; all of them without it. */
export function chooseOnly<Repository extends EnrolledRepository>(
  repositories: readonly Repository[],
  only: readonly string[] | null,
): Chosen<Repository> {
  if (only === null) return { repositories, unknown: [] };
  const wanted = new Set(only.map((name) => name.toLowerCase()));
  const known = new Set(repositories.flatMap(namesOf));
  return {
    repositories: repositories.filter((one) => namesOf(one).some((name) => wanted.has(name))),
    unknown: [...wanted]
      .filter((name) => !known.has(name))
      .map((name) => `nothing that is enrolled is called ${name}${didYouMean(name, [...known])}`),
  };
}

function namesOf(repository: EnrolledRepository): readonly string[] {
  const { owner, name } = repository;
  return [name, `${owner}/${name}`, placeOf(repository)].map((one) => one.toLowerCase());
}
