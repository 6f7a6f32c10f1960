/** What every call of git is told on its command line; it wins over any file. Source: security.md, row clone. */
export function gitSettings(protocols: readonly string[]): string[] {
  return [
    'core.hooksPath=/dev/null',
    'core.symlinks=false',
    'core.autocrlf=false',
    'core.fsmonitor=false',
    'core.attributesFile=/dev/null',
    'core.excludesFile=/dev/null',
    'credential.helper=',
    'filter.lfs.smudge=',
    'filter.lfs.process=',
    'filter.lfs.required=false',
    'gc.auto=0',
    'http.followRedirects=false',
    'maintenance.auto=false',
    'protocol.allow=never',
    'protocol.https.allow=always',
    ...protocols.map((name) => `protocol.${name}.allow=always`),
    'safe.directory=*',
    'submodule.recurse=false',
    'fetch.recurseSubmodules=false',
  ].flatMap((setting) => ['-c', setting]);
}

/** The whole environment of git: no configuration of user or system, no prompt, plain words. */
export function gitEnvironment(more: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['PATH', 'GIT_SSL_CAINFO', 'https_proxy', 'no_proxy', 'NIX_SSL_CERT_FILE'];
  const own = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    ...more,
  };
}
