import { expandText } from '../recipe/env-file.ts';

/**
 * The tag of an image reference; null where it has none (a digest alone is none).
 *
 * Variables are taken for their defaults, and stand for a tag where they have none: nobody can know it here.
 */
export function imageTag(image: string): string | null {
  const settled = expandText(image.replaceAll(/\$\{(\w+)\}|\$(\w+)/g, '1.0'), {});
  const [name = ''] = settled.split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  return colon < 0 || colon === last.length - 1 ? null : last.slice(colon + 1);
}
