import type { Test } from 'tap';
import type { Lab } from '../support/systemd/lab.ts';

const ping = ['curl', '-sS', '--max-time', '20', '--unix-socket', '/run/docker.sock', 'http://x/_ping'];
const cat = (file: string) => ['cat', file];
const touch = (file: string) => ['touch', file];
const read = '/run/credentials/ccci-poll.service/tokenFile-gitea';
const write = '/run/credentials/ccci-report.service/reportTokenFile-gitea';
const hook = '/run/credentials/ccci-hook.service/hookSecretFile-gitea';
const denied = { exit: 1, words: /Permission denied|No such file/ };
const readOnly = { exit: 1, words: /Read-only file system|Permission denied/ };

/** Who tries what, and how it ends; curl's 7 is that it could not connect. */
const tries: readonly (readonly [who: string, command: readonly string[], ends: object])[] = [
  ['ccci-poll', ping, { exit: 7 }],
  ['ccci-hook', ping, { exit: 7 }],
  ['ccci-report', ping, { exit: 7 }],
  ['ccci-stage', ping, { exit: 0, words: 'OK' }],
  ...['/run/secrets/read', '/run/secrets/write', read, write, hook].map(
    (file) => ['ccci-stage', cat(file), denied] as const,
  ),
  ['ccci-poll', cat(read), { exit: 0 }],
  ['ccci-poll', cat(write), denied],
  ['ccci-hook', cat(hook), { exit: 0 }],
  ['ccci-hook', cat(write), denied],
  ['ccci-report', cat(write), { exit: 0 }],
  ['ccci-report', cat(read), denied],
  // Where to post is not the stage's.
  ['ccci-stage', touch('/var/lib/ccci/accepted/x'), readOnly],
  ['ccci-report', touch('/var/lib/ccci/queue/new/x'), readOnly],
  ['ccci-poll', touch('/var/lib/cc-ci-runs/x'), readOnly],
];

/** While all units run: each as its user, with its groups, in its view of the files. */
export async function tryRights(t: Test, lab: Lab): Promise<void> {
  const tried = await Promise.all(tries.map(([who, command]) => lab.callAs(who, command)));
  for (const [index, [who, command, ends]] of tries.entries())
    t.match(tried[index], ends, `${who}: ${command.join(' ')}`);
}
