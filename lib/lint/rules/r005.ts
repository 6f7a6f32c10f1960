import { services } from '../../recipe/compose.ts';
import { type LintRule, unless } from '../facts.ts';
import { imageTag } from '../image-tag.ts';

/** Only tags that look like versions can be compared when an upgrade is looked for; `latest` is R004's. */
export const r005: LintRule = {
  id: 'R005',
  level: 'warn',
  wants: 'tags look like versions',
  check: ({ stack }) =>
    unless(
      services(stack).flatMap(([name, service]) => {
        const tag = service?.image ? imageTag(service.image) : null;
        return tag === null || tag === 'latest' || looksLikeVersion(tag)
          ? []
          : [`${name} (${service?.image})`];
      }),
      'not a version',
    ),
};

function looksLikeVersion(tag: string): boolean {
  return /^v?\d+(\.\d+)*([-+._][A-Za-z0-9._+-]*|[a-z]\w*)?$/.test(tag);
}
