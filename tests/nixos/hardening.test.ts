/** What each unit may not do, line by line: `systemd-analyze security` alone would let most of them go one at a time. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

const dir = mkdtempSync(join(tmpdir(), 'ccci-hardening-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

/** As measured with Node (decision 25), a line each; no address of the engine is in sight of who has no business with it. */
const strict = `NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
PrivateMounts=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
ProtectProc=invisible
ProcSubset=pid
LockPersonality=true
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
RemoveIPC=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service @pkey
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=
AmbientCapabilities=
DevicePolicy=closed
KeyringMode=private
UMask=0007
InaccessiblePaths=-/run/docker.sock -/run/containerd`;

/** Its sandbox makes namespaces, and needs the whole of /proc. */
const stage = `NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
PrivateMounts=true
ProtectKernelModules=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
LockPersonality=true
RestrictRealtime=true
RestrictSUIDSGID=true
RemoveIPC=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=~@clock @cpu-emulation @debug @module @obsolete @raw-io @reboot @swap
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=
AmbientCapabilities=
DevicePolicy=closed
KeyringMode=private
UMask=0007`;

/** What a unit needs instead. */
const instead: Readonly<Record<string, readonly string[]>> = {
  'ccci-janitor': ['ProtectProc=default', 'InaccessiblePaths=-/run/containerd'],
  'ccci-swarm': ['InaccessiblePaths=-/run/containerd'],
  'ccci-firewall': [
    'CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
    'ProcSubset=all',
  ],
};

const config = {
  forges: {
    git: {
      url: 'https://git.example.org',
      organisations: ['recipes'],
      tokenFile: '/a',
      reportTokenFile: '/b',
    },
  },
};
writeFileSync(join(dir, 'ccci.json'), JSON.stringify(config));
const program = join(import.meta.dirname, '..', '..', 'dist', 'bin', 'ccci-units');
const args = ['--config', join(dir, 'ccci.json'), '--output', join(dir, 'root'), '--sweep', 'Sun 02:00'];
execFileSync(process.execPath, [program, ...args], { env: { PATH: process.env.PATH } });
const folder = join(dir, 'root', 'etc/systemd/system');
const services = readdirSync(folder).filter((file) => file.endsWith('.service'));

for (const name of services.map((file) => file.replace('.service', ''))) {
  t.test(`${name} is no less closed than was measured`, async (t) => {
    const text = readFileSync(join(folder, `${name}.service`), 'utf8');
    const ours = instead[name] ?? [];
    const keys = new Set(ours.map(keyOf));
    const measured = (name === 'ccci-stage' ? stage : strict).split('\n');
    const lines = [...measured.filter((line) => !keys.has(keyOf(line))), ...ours];
    const own = text.split('\n').filter((line) => lines.some((one) => keyOf(one) === keyOf(line)));
    t.same(own.sort(), lines.sort());
  });
}

t.test('all services are there', async (t) => {
  t.ok(services.length >= 7, services.join(' '));
});

function keyOf(line: string): string {
  return line.split('=')[0] as string;
}
