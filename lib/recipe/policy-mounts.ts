import type { Mount } from './compose.ts';
import { type Finding, unknownKeys } from './policy-finding.ts';

/** A mount: named volumes and memory only. The path holds source and target, so that what is allowed is that mount and no other. */
export function* judgeMount(path: string, mount: Mount): Generator<Finding> {
  const own = `${path}.${mount.source ?? ''}:${mount.target}`;
  if (mount.type !== 'volume' && mount.type !== 'tmpfs') {
    yield { path: own, value: mount, rule: hostMountRule(mount) };
    return;
  }
  // The engine would fill it in for each task, after it was judged.
  if (own.includes('{{')) yield { path: own, value: mount, rule: 'templates are not permitted in mounts' };
  yield* unknownKeys(own, mount, ['type', 'source', 'target', 'read_only', 'consistency', 'volume', 'tmpfs']);
  yield* unknownKeys(`${own}.volume`, mount.volume, ['nocopy', 'subpath']);
  yield* unknownKeys(`${own}.tmpfs`, mount.tmpfs, ['size', 'mode']);
}

function hostMountRule({ type, source = '' }: Mount): string {
  if (/(docker|containerd|podman)[^/]*\.sock$/.test(source))
    return "the engine's socket is the same as root on the host";
  return type === 'bind'
    ? 'mounts of the host are not permitted'
    : `mounts of type ${type} are not permitted`;
}
