import { services } from '../../recipe/compose.ts';
import { type LintRule, unless } from '../facts.ts';
import { imageTag } from '../image-tag.ts';

/** `latest` moves: a recipe that worked can break without a commit. */
export const r004: LintRule = {
  id: 'R004',
  level: 'warn',
  wants: 'no tag is latest',
  check: ({ stack }) =>
    unless(
      services(stack).flatMap(([name, service]) =>
        service?.image && imageTag(service.image) === 'latest' ? [`${name} (${service.image})`] : [],
      ),
      'unstable tag',
    ),
};
