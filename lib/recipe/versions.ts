/** A published version of a recipe: the tag `6.1.0+5.9.1`. */
export type Version = {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Tag of the main image, whatever upstream writes. */
  readonly upstream: string;
};

/** Reads a tag `x.y.z+<upstream>`; null for any other tag. */
export function parseVersion(tag: string): Version | null {
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})\+(\S+)$/.exec(tag);
  if (match === null) return null;
  const [major, minor, patch] = match.slice(1, 4).map(Number) as [number, number, number];
  return { text: tag, major, minor, patch, upstream: match[4] ?? '' };
}

/** Below 0 when `a` is the older one: by x, y, z as numbers, then the upstream part in natural order. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.major - b.major || a.minor - b.minor || a.patch - b.patch || compareNaturally(a.upstream, b.upstream)
  );
}

/** The newest of the tags that is a version and lower than `version` (null: the newest of all); null if there is none. */
export function newestBelow(tags: readonly string[], version: string | null): string | null {
  const limit = version === null ? null : parseVersion(version);
  if (version !== null && limit === null) return null;
  const lower = tags
    .map(parseVersion)
    .filter((candidate) => candidate !== null)
    .filter((candidate) => limit === null || compareVersions(candidate, limit) < 0)
    .sort(compareVersions);
  return lower.at(-1)?.text ?? null;
}

/** `v1.10` is above `1.9`: runs of digits count as numbers, the rest by code unit, a leading `v` not at all. */
function compareNaturally(a: string, b: string): number {
  const left = pieces(a);
  const right = pieces(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = comparePieces(left[index] ?? '', right[index] ?? '');
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function pieces(text: string): string[] {
  return text.replace(/^v(?=\d)/, '').match(/\d+|\D+/g) ?? [];
}

function comparePieces(a: string, b: string): number {
  if (/^\d/.test(a) && /^\d/.test(b)) {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
