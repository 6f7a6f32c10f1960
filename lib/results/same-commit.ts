/** True when both name the same commit; either may be cut to 12 hexadecimal digits and may end in `+U`. */
export function isSameCommit(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  const [a, b] = [digits(one), digits(other)];
  const length = Math.min(a.length, b.length);
  return length >= 12 && a.slice(0, length) === b.slice(0, length);
}

function digits(ref: string): string {
  return ref.replace(/\+U$/, '').toLowerCase();
}
