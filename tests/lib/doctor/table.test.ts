import { judgeMachine } from '@ccci/lib/doctor/judge.ts';
import { systemOf } from '@ccci/lib/doctor/read-facts.ts';
import { readNamespaces } from '@ccci/lib/doctor/read-sandbox.ts';
import { doctorTable } from '@ccci/lib/doctor/table.ts';
import t from 'tap';
import { machine } from './facts.ts';

t.test('signs and words, not colour alone; the cure below', async (t) => {
  const programs = { ...machine().programs, restic: null };
  const table = doctorTable(judgeMachine(machine({ programs })), false);
  t.match(table, /^✓ ok {7}git {12}2\.47\.3$/m);
  t.match(
    table,
    /^\? partly {3}restic {9}not on the PATH\n +so backup and restore will be "not run"\n +cure: sudo/m,
  );
  t.match(table, /\nRuns are possible here, but not in full/);
  t.notMatch(table, /\u001b/);
  t.match(doctorTable(judgeMachine(machine()), true), /\u001b\[32m✓ ok/);
});

t.test('what an engine says cannot steer the terminal', async (t) => {
  const engine = { ok: false, code: 'engine-unreachable', words: 'no\u001b[2J\nengine' } as const;
  t.match(doctorTable(judgeMachine(machine({ engine })), false), 'no\\u001b[2J engine');
});

t.test('systems', async (t) => {
  t.equal(systemOf('NAME="Debian"\nID=debian\n'), 'debian');
  t.equal(systemOf('ID=linuxmint\nID_LIKE="ubuntu debian"\n'), 'debian');
  t.equal(systemOf('ID=nixos\nVERSION_ID="26.05"\n'), 'nixos');
  t.equal(systemOf('ID=fedora\n'), null);
  t.equal(systemOf(''), null);
});

t.test('settings that forbid user namespaces', async (t) => {
  const folder = (files: Record<string, string>) => t.testdir({ kernel: files, user: {} });
  t.equal(await readNamespaces(folder({})), null, 'a kernel that does not know them allows');
  t.equal(await readNamespaces(folder({ unprivileged_userns_clone: '1\n' })), null);
  t.match(await readNamespaces(folder({ unprivileged_userns_clone: '0\n' })), {
    setting: 'kernel.unprivileged_userns_clone=0',
  });
  t.match(await readNamespaces(folder({ apparmor_restrict_unprivileged_userns: '1\n' })), {
    allow: 'kernel.apparmor_restrict_unprivileged_userns=0',
  });
});
