import { type Config, configSchema } from '@ccci/lib/config/schema.ts';
import t from 'tap';
import { forgeProblems } from '../../../tools/units/forges.ts';
import { checkPath, pathProblems } from '../../../tools/units/paths.ts';

const forge = {
  url: 'https://git.example.org',
  organisations: ['recipes'],
  tokenFile: '/etc/ccci/secrets/read',
  reportTokenFile: '/etc/ccci/secrets/write',
};

type Given = { readonly state?: string; readonly runs?: string } & Record<string, unknown>;

function problems({ state = '/var/lib/ccci', runs = '/var/lib/cc-ci-runs', ...given }: Given): string[] {
  const config = configSchema.parse({ testsDir: '/etc/ccci/tests', ...given });
  return pathProblems({ ...config, state, runs, from: null });
}

t.test('folders of ccci’s own, wherever they are', async (t) => {
  t.same(problems({ forges: { git: forge } }), []);
  for (const state of ['/srv/ccci', '/ccci', '/var/lib/ccci/x.y_z-1', '/mnt/daten/übung', '/opt/ccci/'])
    t.same(problems({ state }), [], state);
  t.same(problems({ metrics: { directory: '/var/lib/prometheus/node-exporter' } }), []);
});

t.test('a folder of the system would get the rights of ccci', async (t) => {
  const system = [
    '/',
    '//',
    '/etc',
    '/var',
    '/var/lib',
    '/var/lib/',
    '/srv',
    '/usr/local',
    '/dev/shm',
    '/var/www',
  ];
  for (const state of system)
    t.match(problems({ state }), [/^state is \S+, a folder of the system: name one/]);
  t.match(problems({ runs: '/opt' }), [/^runs is \/opt, a folder of the system/]);
  t.match(problems({ report: { directory: '/var/www' } }), [/^report\.directory is/]);
  // Nothing is made there.
  t.same(problems({ testsDir: '/srv' }), []);
});

t.test('what no service sees', async (t) => {
  for (const state of ['/home/ana/ccci', '/root/ccci', '/tmp/ccci', '/run/user/0/x', '//home/ana'])
    t.match(problems({ state }), [/^state is \S+: no service sees homes and \/tmp/], state);
  t.match(problems({ testsDir: '/home/ana/tests' }), [/^testsDir is/]);
  // systemd reads it, and not the service.
  t.same(problems({ forges: { git: { ...forge, tokenFile: '/root/token' } } }), []);
});

t.test('what a unit or its shell would read as something else', async (t) => {
  const odd = [
    'a b',
    'a;b',
    'a|b',
    'a&b',
    'a`b',
    '$(b)',
    '%h',
    'a"',
    "a'",
    'a\\b',
    'a:b',
    'a*',
    'a#',
    '<a',
    '../x',
    'a\u0001',
  ];
  for (const name of odd) {
    t.match(problems({ state: `/srv/${name}` }), [/^state is ".*": an absolute path of letters/], name);
    t.throws(() => checkPath('--bin', `/srv/${name}`), { status: 78, message: /^--bin is / }, name);
  }
  t.match(problems({ forges: { git: { ...forge, hookSecretFiles: { 'recipes/x': 'y' } } } }), [
    /^forges\.git\.recipes\/x is "y"/,
  ]);
});

t.test('each folder has rights of its own, so there are no two in one place', async (t) => {
  t.same(problems({ state: '/srv/a', runs: '/srv/a' }), [
    'state and runs are both /srv/a: each needs a folder of its own',
  ]);
  t.same(problems({ state: '/srv/a', testsDir: '/srv/a' }), []);
});

t.test('what services would lack of the forges', async (t) => {
  const of = (forges: object): string[] => forgeProblems(configSchema.parse({ forges }) as Config);
  t.same(of({ git: forge }), []);
  t.same(of({ git: { ...forge, organisations: [], repositories: ['a/b'] } }), []);
  t.match(of({}), [/^no forge is named.*forges\.NAME/]);
  t.match(of({ git: { url: forge.url } }), [
    /nothing is enrolled/,
    /\.tokenFile is not set/,
    /\.reportTokenFile is/,
  ]);
  t.match(of({ git: { ...forge, reportTokenFile: forge.tokenFile } }), [/are one file.*make two tokens/]);
});
