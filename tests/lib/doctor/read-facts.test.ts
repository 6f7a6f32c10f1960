import { readEngine } from '@ccci/lib/doctor/read-engine.ts';
import { systemOf } from '@ccci/lib/doctor/read-facts.ts';
import { readNamespaces } from '@ccci/lib/doctor/read-sandbox.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import t from 'tap';

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

t.test('engines that are not there: in words, and with the word of the system', async (t) => {
  const socket = '/nonexistent/docker.sock';
  t.match(await readEngine(connectEngine(`unix://${socket}`)), {
    ...{ ok: false, code: 'engine-unreachable' },
    words: `no Docker engine at unix://${socket}: there is no such socket (ENOENT)`,
  });
  t.match(await readEngine(connectEngine('tcp://127.0.0.1:1')), {
    words: 'no Docker engine at tcp://127.0.0.1:1: nobody answers there (ECONNREFUSED)',
  });
});
