import { isMap } from './compose.ts';
import type { Finding } from './policy-finding.ts';

/** `extra_hosts`: `name:address`, as list or map; addresses of private networks are those of the host and its neighbours. */
export function* judgeHosts(path: string, hosts: unknown): Generator<Finding> {
  const list = Array.isArray(hosts)
    ? hosts.map(String)
    : isMap(hosts)
      ? Object.entries(hosts).map((pair) => pair.join(':'))
      : [];
  for (const entry of list) {
    const address = entry.replace(/^[^:=]*[:=]/, '');
    if (isPublicAddress(address)) continue;
    yield { path: `${path}.${entry}`, value: entry, rule: 'only public IPv4 addresses are permitted here' };
  }
}

/** An IPv4 address that is none of a private network, of the machine itself or of its link. */
export function isPublicAddress(address: string): boolean {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined) return false;
  const [a = 0, b = 0, c = 0] = parts;
  if (parts.some((part) => part > 255) || a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 172 && b >= 16 && b <= 31) return false;
  if (a === 192 && (b === 168 || (b === 0 && c === 0))) return false;
  if (a === 198 && (b === 18 || b === 19)) return false;
  return !(a === 169 && b === 254) && !(a === 100 && b >= 64 && b <= 127);
}
