import { services } from '../../recipe/compose.ts';
import { type LintRule, unless } from '../facts.ts';
import { imageTag } from '../image-tag.ts';

/** An image without a tag is whatever was pushed last. */
export const r003: LintRule = {
  id: 'R003',
  level: 'warn',
  wants: 'every image has a tag',
  check: ({ stack }) =>
    unless(
      services(stack).flatMap(([name, service]) =>
        service?.image && imageTag(service.image) === null ? [`${name} (${service.image})`] : [],
      ),
      'no tag',
    ),
};
