import { ccci, forge, type Refused } from './hosts.ts';

/** Hosts whose values have the wrong type; Nix names the option. */
export const mistyped: readonly Refused[] = [
  { title: 'slots in words', host: ccci('stage.slots = "two";'), says: /services\.ccci\.stage\.slots/ },
  { title: 'no slot', host: ccci('stage.slots = 0;'), says: /services\.ccci\.stage\.slots/ },
  {
    title: 'an unknown way in',
    host: ccci('stage.ingress = "haproxy";'),
    says: /services\.ccci\.stage\.ingress/,
  },
  {
    title: 'an address without a scheme',
    host: forge('url = lib.mkForce "git.example.org";'),
    says: /services\.ccci\.forges\.git\.url/,
  },
  {
    title: 'a network that is none',
    host: ccci('engine.addressPool = "10.256.0.0/12";'),
    says: /services\.ccci\.engine\.addressPool/,
  },
  {
    title: 'a limit of memory that systemd would ignore',
    host: ccci('engine.memoryMax = "6 GB";'),
    says: /services\.ccci\.engine\.memoryMax/,
  },
  {
    title: 'a secret that systemd would read as two names',
    host: forge('tokenFile = lib.mkForce "/run/secrets/a:b";'),
    says: /services\.ccci\.forges\.git\.tokenFile/,
  },
  {
    title: 'a repository without an owner',
    host: forge('repositories = [ "ghost" ];'),
    says: /services\.ccci\.forges\.git\.repositories/,
  },
  {
    title: 'a misspelt option',
    host: ccci('stage.slot = 2;'),
    says: /services\.ccci\.stage\.slot.* does not exist/,
  },
  {
    title: 'a misspelt option of a forge',
    host: forge('organizations = [ "recipes" ];'),
    says: /services\.ccci\.forges\.git\.organizations.* does not exist/,
  },
  {
    title: 'a known setting of another type',
    host: ccci('settings.poll.intervalMs = "5s";'),
    says: /services\.ccci\.settings\.poll\.intervalMs/,
  },
  {
    title: 'a folder for state that is not absolute',
    host: ccci('state = "relative/path";'),
    says: /services\.ccci\.state/,
  },
  ...['/', '/srv', '/srv/', '/srv/../etc', '${builtins.storeDir}/x'].map((folder) => ({
    title: `${folder}, which is not ours, for state`,
    host: ccci(`state = "${folder}";`),
    says: /services\.ccci\.state.* is not of type/,
  })),
  {
    title: 'a token that is no path',
    host: forge('tokenFile = lib.mkForce "a-token-itself";'),
    says: /services\.ccci\.forges\.git\.tokenFile/,
  },
  {
    title: 'a port that is none',
    host: forge('hookSecretFile = "/run/secrets/hook"; }; hook = { enable = true; port = 70000;'),
    says: /services\.ccci\.hook\.port/,
  },
  {
    title: 'a pool that is no network',
    host: ccci('engine.addressPool = "10.96.0.0";'),
    says: /services\.ccci\.engine\.addressPool/,
  },
  {
    title: 'two addresses of one forge',
    host: forge('url = "https://other.example.org";'),
    says: /services\.ccci\.forges\.git\.url.* conflicting definition/,
  },
  {
    title: 'a section that is none',
    host: ccci('settings.poll = 5;'),
    says: /services\.ccci\.settings\.poll/,
  },
];
