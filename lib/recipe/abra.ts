/**
 * The config versions that a recipe's `abra.sh` exports: `export NGINX_CONF_VERSION=v3`.
 *
 * The file is read as text and never run (coopcloud.md): only plain values are taken, no substitutions.
 */
export function parseVersions(text: string): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    // What stands behind a `#` may be an older version.
    const exported = /^\s*export\s+(.*)$/.exec(line)?.[1]?.replace(/(^|\s)#.*$/, '');
    if (exported === undefined) continue;
    for (const [, name = '', value = ''] of exported.matchAll(
      /([A-Z][A-Z0-9_]*_VERSION)=["']?([\w.+-]+)["']?/g,
    )) {
      versions[name] = value;
    }
  }
  return versions;
}
