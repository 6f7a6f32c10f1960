import type { Finding } from './policy-finding.ts';
import { isPublicAddress } from './policy-hosts.ts';

/** An image: a reference as the engine reads it, from a registry that is not in the engine's own network. */
export function* judgeImage(path: string, image: unknown): Generator<Finding> {
  if (image === undefined) return;
  if (typeof image !== 'string' || image.length > 512 || !/^[a-z0-9][\w.:/@+-]*$/i.test(image)) {
    yield { path, value: image, rule: 'this is no name of an image' };
    return;
  }
  const registry = /^([^/]+)\//.exec(image)?.[1] ?? '';
  const host = registry.replace(/:\d+$/, '');
  // Without a dot, a port or this word it is a folder of the engine's usual registry.
  const isRegistry = /[.:]/.test(registry) || registry === 'localhost';
  if (isRegistry && isInside(host)) {
    yield { path, value: image, rule: 'the engine would ask an address of its own network for this image' };
  }
}

function isInside(host: string): boolean {
  if (/^[\d.]+$/.test(host)) return !isPublicAddress(host);
  return !host.includes('.') || /\.(local|localhost|localdomain|internal|lan|home\.arpa)$/i.test(host);
}
