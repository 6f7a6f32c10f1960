import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { buildHost } from '../support/nix/build-host.ts';
import { makeNix } from '../support/nix/lab.ts';
import { unitTexts } from '../support/nix/unit-text.ts';
import { fullHost } from './hosts.ts';

const run = promisify(execFile);
const top = join(import.meta.dirname, '..', '..');
t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-units-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const nix = makeNix(join(dir, 'nix'));
const built = await buildHost(nix, fullHost);
const ofNixos = unitTexts(built.units);

/** The same host as a configuration file. */
const configuration = {
  testsDir: '/srv/recipe-tests',
  forges: {
    git: {
      url: 'https://git.example.org',
      organisations: ['recipes'],
      allow: ['ana'],
      tokenFile: '/run/secrets/read',
      reportTokenFile: '/run/secrets/write',
      hookSecretFile: '/run/secrets/hook',
      hookSecretFiles: { 'recipes/ghost': '/run/secrets/hook-ghost' },
    },
  },
  metrics: { directory: '/var/lib/ccci-metrics' },
};

/** The folder that ccci-units made, once. */
let rendered: Promise<string> | undefined;

t.test('systemd takes the units as they are, on NixOS and on Debian', async (t) => {
  const debian = await renderDebian();
  const folders = [join(dir, 'nixos'), join(debian, 'etc/systemd/system')];
  mkdirSync(folders[0] as string);
  for (const [name, text] of ofNixos) writeFileSync(join(folders[0] as string, name), text);
  for (const folder of folders) {
    const files = readdirSync(folder).map((name) => join(folder, name));
    t.ok(files.length >= 11, `${files.length} units in ${folder}`);
    // Without the flag it always ends with 0. Manual pages are not installed here.
    const { stderr } = await run('systemd-analyze', [
      'verify',
      '--man=no',
      '--recursive-errors=yes',
      ...files,
    ]);
    t.equal(stderr, '', folder);
    const services = readdirSync(folder).filter((name) => name.endsWith('.service'));
    for (const name of services) {
      // Its sandbox and its browser make namespaces: decision 25.
      const threshold = name === 'ccci-stage.service' ? 30 : 25;
      const limits = ['--offline=true', `--threshold=${threshold}`, '--no-pager'];
      const asked = await run('systemd-analyze', ['security', ...limits, join(folder, name)]).catch(
        (error: { stdout: string }) => error,
      );
      const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(asked.stdout) ?? [];
      t.ok(Number(exposure) * 10 <= threshold, `${name} in ${folder}: ${exposure}`);
      t.notOk('code' in asked, `${name} is within ${threshold / 10}`);
    }
  }
});

t.test('NixOS and Debian have the same units, but for paths', async (t) => {
  const folder = join(await renderDebian(), 'etc/systemd/system');
  const ofDebian = new Map(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const),
  );
  // Traefik and its certificate are the module's; a registry login is a drop-in elsewhere.
  const shared = [...ofNixos.keys()].filter((name) => !name.startsWith('ccci-proxy')).sort();
  t.same([...ofDebian.keys()].sort(), shared);
  for (const name of shared) {
    t.same(withoutPaths(ofDebian.get(name) as string), withoutPaths(ofNixos.get(name) as string), name);
  }
});

t.test('and the same users, folders and secrets', async (t) => {
  const debian = await renderDebian();
  const sysusers = readFileSync(join(debian, 'etc/sysusers.d/ccci.conf'), 'utf8');
  const memberships = [...sysusers.matchAll(/^m (\S+) (\S+)$/gm)].map(
    ([, user, group]) => `${user} ${group}`,
  );
  const ofHost = Object.entries(built.users).flatMap(([user, { extraGroups }]) =>
    extraGroups.map((group) => `${user} ${group}`),
  );
  t.same(memberships.sort(), ofHost.sort());
  mkdirSync(join(dir, 'empty'));
  const asRoot = [`--root=${join(dir, 'empty')}`, join(debian, 'etc/sysusers.d/ccci.conf')];
  const { stdout, stderr } = await run('systemd-sysusers', ['--dry-run', ...asRoot]);
  // A colon in a description would be one of these words, and the user would not be there.
  t.notMatch(stdout + stderr, /not a valid|invalid|failed/i);
  const tmpfiles = readFileSync(join(debian, 'etc/tmpfiles.d/ccci.conf'), 'utf8');
  const folders = Object.entries(built.folders).map(
    ([path, { d }]) => `d ${path} ${d.mode} ${d.user} ${d.group} -`,
  );
  t.same(tmpfiles.trim().split('\n').sort(), folders.sort());
  for (const name of ['poll', 'hook', 'report', 'stage', 'sweep']) {
    const own = JSON.parse(readFileSync(join(debian, `etc/ccci/units/ccci-${name}.json`), 'utf8'));
    const [, file] = /--config (\S+\.json)/.exec(ofNixos.get(`ccci-${name}.service`) as string) ?? [];
    t.same(secretsOf(own), secretsOf(JSON.parse(readFileSync(file as string, 'utf8'))), name);
  }
});

t.test('what the programs do not know ends the build', async (t) => {
  const host = fullHost.replace('settings.poll.intervalMs', 'settings.poll.intervall');
  const asked = buildHost(nix, host);
  await t.rejects(asked, { message: /unknown key poll\.intervall; did you mean intervalMs\?/ });
});

function renderDebian(): Promise<string> {
  rendered ??= (async () => {
    const [config, output] = [join(dir, 'ccci.json'), join(dir, 'debian')];
    writeFileSync(config, JSON.stringify(configuration));
    const program = join(top, 'dist/bin/ccci-units');
    const args = ['--config', config, '--output', output, '--sweep', 'Sun 02:00'];
    const { stdout } = await run(process.execPath, [program, ...args], { env: { PATH: process.env.PATH } });
    t.match(stdout, /systemctl enable --now .*ccci-stage\.path/);
    t.notMatch(stdout, /enable --now .*ccci-stage\.service/, 'the path starts the stage');
    return output;
  })();
  return rendered;
}

/** The lines of a unit, sorted within their sections, with what differs between hosts by name. */
function withoutPaths(text: string): string[] {
  let section = '';
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) section = line;
    // What NixOS adds, and what Debian has not.
    else if (line !== '' && !/^(Environment="PATH=|LoadCredential=registry-)/.test(line)) {
      lines.push(`${section} ${line}`);
    }
  }
  return lines
    .map((line) =>
      line
        .replaceAll(/\/[^\s']*\/bash(?= )/g, '@bash@')
        .replaceAll(/\/[^\s']*\/bin\/(?=ccci-)/g, '@bin@/')
        .replaceAll(/\/[^\s']*host\/(?=[\w-]+\.sh)/g, '@host@/')
        .replaceAll(/--config \S+?(?='? |'?$)/g, '--config @config@'),
    )
    .sort();
}

function secretsOf({ forges = {} }: { forges?: Record<string, Record<string, unknown>> }): object {
  const keys = ['tokenFile', 'reportTokenFile', 'hookSecretFile', 'hookSecretFiles'];
  return Object.fromEntries(
    Object.entries(forges).map(([name, forge]) => [
      name,
      Object.fromEntries(
        keys.flatMap((key) => {
          const value = forge[key];
          const isEmpty =
            value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
          return isEmpty ? [] : [[key, value]];
        }),
      ),
    ]),
  );
}
