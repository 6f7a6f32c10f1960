import type { Facts } from '@ccci/lib/doctor/facts.ts';
import { judgeMachine, worst } from '@ccci/lib/doctor/judge.ts';
import t from 'tap';
import { machine } from './facts.ts';

const failing = (changes: Partial<Facts>) =>
  judgeMachine(machine(changes)).filter(({ state }) => state !== 'ok');

t.test('a machine on which nothing is missing', async (t) => {
  t.same(failing({}), []);
  t.equal(worst(judgeMachine(machine())), 'ok');
});

/** What is missing; the one check that says so, its state and the command that cures it on Debian. */
const rows: readonly (readonly [string, Partial<Facts>, string, string, RegExp])[] = [
  ['client-missing', { client: no('client-missing') }, 'docker client', 'missing', /get\.docker\.com/],
  ['client-too-old', { client: no('client-too-old') }, 'docker client', 'missing', /get\.docker\.com/],
  ['no engine', { engine: no('engine-unreachable') }, 'docker engine', 'missing', /systemctl start docker/],
  ['no access', { engine: no('no-access') }, 'docker engine', 'missing', /usermod -aG docker/],
  [
    'an engine that was named and is not there',
    { engine: no('engine-unreachable'), namedHost: 'tcp://10.0.0.9:2375' },
    ...(['docker engine', 'missing', /start the engine there/] as const),
  ],
  [
    'no access to an engine that was named',
    { engine: no('no-access'), namedHost: 'unix:///srv/docker.sock' },
    ...(['docker engine', 'missing', /a user who may open it/] as const),
  ],
  ['no swarm', { engine: no('no-swarm') }, 'swarm', 'missing', /^docker swarm init$/],
  ['a worker', { engine: no('not-a-manager') }, 'swarm', 'missing', /docker node promote/],
  ['no git', { programs: { ...machine().programs, git: null } }, 'git', 'missing', /apt-get install git$/],
  ['no flock', { programs: { ...machine().programs, flock: null } }, 'flock', 'missing', /util-linux$/],
  ['no restic', { programs: { ...machine().programs, restic: null } }, 'restic', 'partly', /install restic$/],
  ['no bubblewrap', { missingForSandbox: ['bwrap'] }, 'sandbox', 'partly', /install bubblewrap/],
  ['no namespaces', { sandboxRefused: 'No permissions' }, 'sandbox', 'partly', /sysctl -w user\.max_user/],
  ['no pytest', { pytest: null }, 'pytest', 'partly', /install python3-pytest$/],
  ['no chromium', { chromium: null }, 'chromium', 'partly', /install chromium$/],
  ['an old Node', { node: 'v20.19.0' }, 'node', 'partly', /22\.18/],
  ['a full disk', { disks: [{ path: '/runs', freeMb: 1_023 }] }, 'disk', 'missing', /ccci janitor/],
  ['no memory', { memoryMb: 255 }, 'memory', 'missing', /stage\.minMemoryMb/],
];

function no(code: string) {
  return { ok: false, code, words: `it says ${code}` } as const;
}

for (const [what, changes, name, state, cure] of rows) {
  t.test(what, async (t) => {
    const [check, ...others] = failing(changes);
    t.match(check, { name, state, cures: [cure] });
    t.ok(check?.affects, 'what comes of it is said');
    t.same(others, [], 'and nothing else is blamed');
    const nixos = failing({ ...changes, system: 'nixos' });
    t.equal(nixos[0]?.cures.length, 1, 'NixOS has its own cure');
    t.notMatch(nixos[0]?.cures[0], /apt-get|systemctl|usermod/);
  });
}

t.test('a disk just large enough is enough', async (t) => {
  t.same(failing({ disks: [{ path: '/runs', freeMb: 1_024 }] }), []);
});

t.test('a system that is neither is told both cures', async (t) => {
  const [check] = failing({ system: null, pytest: null });
  t.match(check?.cures, [/^Debian, Ubuntu: /, /^NixOS: /]);
  t.same(failing({ system: null, engine: no('no-swarm') })[0]?.cures, ['docker swarm init']);
});

t.test('user namespaces that a setting forbids: the setting, and what allows it', async (t) => {
  const namespaces = {
    setting: 'kernel.unprivileged_userns_clone=0',
    allow: 'kernel.unprivileged_userns_clone=1',
  };
  const failed = failing({ namespaces, sandboxRefused: 'No permissions' });
  t.same(
    failed.map(({ name, cures }) => [name, ...cures]),
    ['sandbox', 'chromium'].map((name) => [name, 'sudo sysctl -w kernel.unprivileged_userns_clone=1']),
  );
});

t.test('the worst decides', async (t) => {
  const programs = { ...machine().programs, restic: null };
  t.equal(worst(judgeMachine(machine({ programs }))), 'partly');
  t.equal(worst(judgeMachine(machine({ programs, engine: no('no-swarm') }))), 'missing');
});
