import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { makeNix, onHost, realLib, realNixpkgs } from '../support/nix/lab.ts';
import { readCaddy, readNginx } from '../support/site/documented.ts';
import { fullHost, plainHost } from './hosts.ts';

t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-nix-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const nix = makeNix(dir);
if (realNixpkgs === undefined) t.comment('nixpkgs: the stand-in; CCCI_NIXPKGS=PATH names a real one');
if (realLib !== undefined) t.comment(`its lib: ${realLib}`);

type Service = {
  readonly serviceConfig: Readonly<Record<string, unknown>>;
  readonly wantedBy: readonly string[];
  readonly restartIfChanged: boolean;
  readonly path: readonly string[];
};
type Units = { readonly services: Readonly<Record<string, Service>> };

const field = (host: string, name: string) => `${onHost(host)}.${name}`;

t.test('hosts that work', async (t) => {
  const hosts = [plainHost(), fullHost, plainHost('services.ccci.enable = lib.mkForce false;')];
  const expression = hosts.map(
    (host) => `(let r = ${onHost(host)}; in { inherit (r) failed warnings units users groups; })`,
  );
  const [plain, full, off] = (await nix.evaluate(`[ ${expression.join(' ')} ]`)) as {
    readonly failed: string[];
    readonly warnings: string[];
    readonly units: Units & { readonly timers: object; readonly paths: object };
    readonly users: Readonly<
      Record<string, { readonly group: string; readonly extraGroups: readonly string[] }>
    >;
    readonly groups: readonly string[];
  }[];
  t.same(plain?.failed, []);
  t.same(full?.failed, []);
  t.same([plain?.warnings, full?.warnings], [[], []]);
  t.same(Object.keys(off?.units.services ?? { x: 1 }), [], 'off is off');
  const names = (units: object | undefined) => Object.keys(units ?? {}).sort();
  const always = ['ccci-firewall', 'ccci-janitor', 'ccci-poll', 'ccci-report', 'ccci-stage', 'ccci-swarm'];
  t.same(names(plain?.units.services), always);
  t.same(names(full?.units.services), [...always, 'ccci-hook', 'ccci-proxy', 'ccci-sweep'].sort());
  t.same(names(full?.units.timers), ['ccci-janitor', 'ccci-sweep']);
  t.same(plain?.units.services['ccci-stage']?.wantedBy, [], 'only work starts the stage');
  t.equal(plain?.units.services['ccci-stage']?.restartIfChanged, false, 'a switch never kills a run');
  const before = (host: typeof plain) => host?.units.services['ccci-stage']?.serviceConfig.ExecStartPre;
  t.notOk(before(plain), 'without a login nothing comes before the stage');
  t.match(before(full), /registry-login\.sh$/);
  const bin = String(plain?.units.services['ccci-stage']?.serviceConfig.ExecStart).split('/bin/')[0];
  t.ok(
    plain?.units.services['ccci-stage']?.path.includes(bin as string),
    'a run keeps its programs in the store',
  );
  t.notOk(
    plain?.units.services['ccci-swarm']?.path.includes(bin as string),
    'a new version leaves the swarm alone',
  );
  t.same(plain?.users['ccci-stage']?.extraGroups, ['docker']);
  for (const user of ['ccci-poll', 'ccci-report']) {
    t.notOk(plain?.users[user]?.extraGroups.includes('docker'), `${user} has no engine`);
  }
});

t.test('each unit has its own secrets and no other', async (t) => {
  const { services } = (await nix.evaluate(field(fullHost, 'units'))) as Units;
  const credentials = (name: string) =>
    [services[name]?.serviceConfig.LoadCredential ?? []].flat().map((line) => String(line).split(':')[1]);
  t.same(credentials('ccci-poll'), ['/run/secrets/read']);
  t.same(credentials('ccci-sweep'), ['/run/secrets/read']);
  t.same(credentials('ccci-hook'), ['/run/secrets/read', '/run/secrets/hook', '/run/secrets/hook-ghost']);
  t.same(credentials('ccci-report'), ['/run/secrets/write']);
  t.same(credentials('ccci-stage'), ['/run/secrets/hub']);
  t.same(credentials('ccci-janitor'), []);
});

t.test('a change concerns the units that use it, and no other', async (t) => {
  const changes = {
    poll: 'services.ccci.settings.poll.requestMs = 9000;',
    report: 'services.ccci.settings.report.notify = false;',
    allow: 'services.ccci.forges.git.allow = [ "ben" ];',
    slots: 'services.ccci.stage.slots = 3;',
    retention: 'services.ccci.report.retention.days = 7;',
  };
  const hosts = [plainHost(), ...Object.values(changes).map((change) => plainHost(change))];
  const all = (await nix.evaluate(
    `[ ${hosts.map((host) => `(${field(host, 'units.services')})`).join(' ')} ]`,
  )) as Units['services'][];
  const [before, ...after] = all;
  const changed = after.map((services) =>
    Object.keys(services).filter((name) => JSON.stringify(services[name]) !== JSON.stringify(before?.[name])),
  );
  t.same(Object.fromEntries(Object.keys(changes).map((name, index) => [name, changed[index]])), {
    poll: ['ccci-poll'],
    report: ['ccci-report'],
    allow: ['ccci-poll'],
    slots: ['ccci-poll', 'ccci-report', 'ccci-stage'],
    retention: ['ccci-janitor'],
  });
});

t.test('an engine elsewhere leaves no trace of one here', async (t) => {
  const host = plainHost('services.ccci.stage.dockerHost = "tcp://10.0.0.2:2375";');
  const { units, docker, users } = (await nix.evaluate(
    `let r = ${onHost(host)}; in { inherit (r) units users; docker = r.config.virtualisation.docker.enable or false; }`,
  )) as {
    units: Units;
    docker: boolean;
    users: Record<string, { extraGroups: string[] }>;
  };
  t.equal(docker, false);
  t.same(Object.keys(units.services), ['ccci-janitor', 'ccci-poll', 'ccci-report', 'ccci-stage']);
  t.same(users['ccci-stage']?.extraGroups, []);
  t.equal(units.services['ccci-stage']?.serviceConfig.SupplementaryGroups, undefined);
});

t.test('pages are served as docs/pages.md says', async (t) => {
  const served = (server: string) =>
    plainHost(
      `services.ccci = {
        pages = { server = "${server}"; host = "ci.example.org"; };
        hook.enable = true;
        forges.git.hookSecretFile = "/run/secrets/hook";
      };`,
    );
  const [nginx, caddy] = (await nix.evaluate(`[
    (let r = ${onHost(served('nginx'))}; in { inherit (r) failed; site = r.config.services.nginx.virtualHosts."ci.example.org".locations; })
    (let r = ${onHost(served('caddy'))}; in { inherit (r) failed; site = r.config.services.caddy.virtualHosts."ci.example.org".extraConfig; })
  ]`)) as [
    { failed: string[]; site: Record<string, { extraConfig: string; proxyPass: string | null }> },
    { failed: string[]; site: string },
  ];
  t.same([nginx.failed, caddy.failed], [[], []]);
  t.same(readNginx(nginx.site['/']?.extraConfig), readNginx());
  for (const path of ['= /hook', '/hook/'])
    t.equal(nginx.site[path]?.proxyPass, 'http://127.0.0.1:8791', path);
  t.same(readCaddy(caddy.site), readCaddy());
  t.match(caddy.site, /^reverse_proxy \/hook http:\/\/127\.0\.0\.1:8791$/m);
});

t.test('every option has type, default and description, and says its unit', async (t) => {
  const options = (await nix.evaluate(field(plainHost(), 'options'))) as readonly {
    readonly name: string;
    readonly description: string;
    readonly type: string;
    readonly isRequired: boolean;
  }[];
  t.ok(options.length > 80, `${options.length} options`);
  const names = options.map(({ name }) => name);
  for (const name of ['stage.slots', 'forges.url', 'settings.poll.intervalMs']) {
    t.ok(names.includes(`services.ccci.${name}`), `${name} is among them`);
  }
  const units = /MiB|days|seconds|milliseconds|a number|percent|hours|bits/;
  for (const { name, description, type } of options) {
    t.ok(type !== '' && description.length > 10, `${name} (${type}): ${description}`);
    const isNumber = /integer|floating/.test(type) && !/submodule/.test(type);
    const isAmount = isNumber || /(Ms|Mb|Days|Seconds|Hours|Percent)$/.test(name);
    if (isAmount) t.match(description, units, `${name} says its unit`);
  }
  const required = options.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  t.same(required, ['services.ccci.forges.url'], 'all others have a default');
});

if (realLib !== undefined) {
  t.test('the stand-in makes of a host what the real lib makes of it', async (t) => {
    for (const host of [plainHost(), fullHost]) {
      const made = (lib: string) =>
        nix.evaluate(
          `builtins.removeAttrs (e { ${lib} host = { lib, pkgs, ... }: { ${host} }; }).config [ "environment" ]`,
        );
      t.same(await made(''), await made(`nixpkgsLib = ${realLib};`));
    }
  });
}
