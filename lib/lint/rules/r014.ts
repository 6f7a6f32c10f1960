import { parseVersion } from '../../recipe/versions.ts';
import { type LintRule, unless } from '../facts.ts';

/** A pinned deploy refuses lightweight tags (coopcloud.md). */
export const r014: LintRule = {
  id: 'R014',
  level: 'error',
  wants: 'version tags are annotated',
  check: ({ tags }) =>
    unless(
      tags.filter(({ name, annotated }) => !annotated && parseVersion(name) !== null).map(({ name }) => name),
      'lightweight tags',
    ),
};
