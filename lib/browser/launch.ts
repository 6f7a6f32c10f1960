import { type Browser, chromium } from 'playwright-core';

export type LaunchOptions = {
  /** The system's Chromium. */
  readonly executable: string;
  /** The only names that the browser finds, with all names below them. */
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
  /** Further switches of Chromium. */
  readonly switches?: readonly string[];
  /** How long it may take to start. */
  readonly timeoutMs?: number;
};

const launchMs = 60_000;

/**
 * Starts Chromium without a window, in its own sandbox, which works inside ours: user namespaces are left to it. It
 * finds the run's names and nothing else; whom it trusts, and that it opens no `file:`, is said by the policy that lies
 * in the sandbox (lib/testing/chromium-policy.ts).
 */
export function launchBrowser({
  executable,
  hosts,
  switches = [],
  timeoutMs = launchMs,
}: LaunchOptions): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    chromiumSandbox: true,
    args: [`--host-resolver-rules=${resolverRules(hosts)}`, '--disable-gpu', ...switches],
    timeout: timeoutMs,
  });
}

/** Chromium's rules for names; the last one keeps pages from anything but the run, addresses included. Pure. */
export function resolverRules(hosts: LaunchOptions['hosts']): string {
  const maps = hosts.flatMap(({ name, address }) => [`MAP ${name} ${address}`, `MAP *.${name} ${address}`]);
  return [...maps, 'MAP * ~NOTFOUND'].join(', ');
}
