import { ccci, forge, plainHost, type Refused } from './hosts.ts';

/** Hosts that an assertion refuses. */
export const refused: readonly Refused[] = [
  {
    title: 'no forge',
    host: 'services.ccci.enable = true;',
    says: /no forge is named\. Set services\.ccci\.forges\.git = /,
  },
  {
    title: 'nothing enrolled',
    host: forge('organisations = lib.mkForce [ ];'),
    says: /forges\.git: nothing is enrolled\. Set organisations/,
  },
  {
    title: 'no read token',
    host: forge('tokenFile = lib.mkForce null;'),
    says: /forges\.git\.tokenFile is not set: .*read:repository/,
  },
  {
    title: 'no write token',
    host: forge('reportTokenFile = lib.mkForce null;'),
    says: /forges\.git\.reportTokenFile is not set: .*write:issue/,
  },
  {
    title: 'one token for both',
    host: forge('reportTokenFile = lib.mkForce "/run/secrets/read";'),
    says: /are the same file.*Make two tokens/,
  },
  {
    title: 'a token in the store',
    host: forge(`tokenFile = lib.mkForce "\${pkgs.writeText "token" "x"}";`),
    says: /forges\.git\.tokenFile is .*must never be in the Nix store.*sops-nix or agenix/,
  },
  {
    title: 'a token as a path of the flake, which would be copied to the store',
    host: forge('reportTokenFile = lib.mkForce /etc/hostname;'),
    says: /forges\.git\.reportTokenFile is \/etc\/hostname: a secret must never/,
  },
  {
    title: 'the secret of webhooks in the store',
    host: ccci(`hook.enable = true; forges.git.hookSecretFile = "\${pkgs.writeText "hook" "x"}";`),
    says: /forges\.git\.hookSecretFile is .*must never be in the Nix store/,
  },
  {
    title: "an organisation's secret in the store",
    host: ccci(`hook.enable = true; forges.git.hookSecretFiles.recipes = "\${pkgs.writeText "hook" "x"}";`),
    says: /forges\.git\.hookSecretFiles\."recipes" is .*must never be in the Nix store/,
  },
  {
    title: 'the key of the certificate in the store',
    host: ccci(
      `stage.domain = "ci.example.org"; proxy = { enable = true; certificateFile = "/c"; keyFile = "\${pkgs.writeText "key" "x"}"; };`,
    ),
    says: /services\.ccci\.proxy\.keyFile is .*must never be in the Nix store/,
  },
  {
    title: 'a registry login in the store',
    host: ccci(`stage.registryLogins.hub = "\${pkgs.writeText "login" "x"}";`),
    says: /stage\.registryLogins\.hub is .*must never be in the Nix store/,
  },
  {
    title: 'a name that is no part of a key',
    host: 'services.ccci = { enable = true; forges.Git_1 = { url = "https://git.example.org"; organisations = [ "recipes" ]; tokenFile = "/a"; reportTokenFile = "/b"; }; };',
    says: /forges\.Git_1: the name of a forge .*such as `git`/,
  },
  {
    title: 'a secret for webhooks that nobody receives',
    host: forge('hookSecretFile = "/run/secrets/hook";'),
    says: /but none are received\. Set services\.ccci\.hook\.enable = true/,
  },
  {
    title: 'webhooks without a secret',
    host: ccci('hook.enable = true;'),
    says: /hook is enabled, and no forge has a secret.*hookSecretFile/,
  },
  {
    title: 'L25 a pool with too few networks for its slots',
    host: ccci('stage.slots = 4; engine.addressPool = "10.96.0.0/20";'),
    says: /room for 15 networks of \/24 besides the swarm's own; 4 slots need 128 \(L25\)\. Widen the pool/,
  },
  {
    title: 'a pool that is smaller than a network',
    host: ccci('engine.addressPool = "10.96.0.0/25";'),
    says: /is smaller than one network of \/24\. Choose a wider pool/,
  },
  {
    title: 'the proxy on addresses of runs',
    host: ccci('engine.proxySubnet = "10.100.0.0/16";'),
    says: /addressPool 10\.96\.0\.0\/12 and proxySubnet 10\.100\.0\.0\/16 overlap.* Choose another proxySubnet/,
  },
  {
    title: 'live restore, which a swarm refuses',
    host: plainHost('virtualisation.docker.liveRestore = true;'),
    says: /liveRestore is true, and a swarm refuses it\. Remove that line/,
  },
  ...['state', 'runs'].map((name) => ({
    title: `${name} among the pages`,
    host: ccci(`${name} = "/srv/ci/own"; report.directory = "/srv/ci";`),
    says: /report\.directory \/srv\/ci is what everybody may read.* Choose a folder of its own/,
  })),
  {
    title: 'a proxy without a certificate',
    host: ccci('proxy.enable = true; stage.domain = "ci.example.org";'),
    says: /without a certificate\. Set certificateFile and keyFile to those of \*\.ci\.example\.org/,
  },
  {
    title: 'a proxy for a domain that nobody can reach',
    host: ccci('proxy = { enable = true; certificateFile = "/c"; keyFile = "/k"; };'),
    says: /stage\.domain is still ccci\.test\. .*DNS record \*\.DOMAIN/,
  },
  {
    title: 'a proxy here for runs elsewhere',
    host: ccci(
      'stage.domain = "ci.example.org"; stage.dockerHost = "tcp://10.0.0.2:2375"; proxy = { enable = true; certificateFile = "/c"; keyFile = "/k"; };',
    ),
    says: /runs are on another engine .*remove proxy\.enable/,
  },
  {
    title: 'through a proxy that is not there',
    host: ccci('stage.ingress = "traefik";'),
    says: /there is no proxy\. Set proxy\.enable = true;, or name yours/,
  },
  {
    title: 'pages without a name',
    host: ccci('pages.server = "nginx";'),
    says: /pages\.server is nginx, and pages\.host is empty/,
  },
  {
    title: 'two servers on one port',
    host: ccci(
      'stage.domain = "ci.example.org"; proxy = { enable = true; certificateFile = "/c"; keyFile = "/k"; }; pages = { server = "caddy"; host = "runs.example.org"; };',
    ),
    says: /both want the ports 80 and 443/,
  },
  {
    title: 'builds for a server of another program, by an option that is for later',
    host: ccci('dispatch.settings.url = "https://drone.example.org";'),
    says: /services\.ccci\.dispatch: this version .* has no ccci-dispatch\. Remove it; .*stage\.dockerHost/,
  },
  {
    title: 'the same as a section of the settings',
    host: ccci('settings.dispatch.url = "https://drone.example.org";'),
    says: /services\.ccci\.dispatch: this version .* has no ccci-dispatch/,
  },
];
