/** The pages, served by real web servers: as the module configures them, and as docs/pages.md says. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { blockOf, readNginx } from '../support/site/documented.ts';
import { curl, nginxServer, startCaddy, startNginx, type WebServer } from '../support/site/web-server.ts';
import { evaluateHosts, makePages, startHook } from './pages-host.ts';

t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-pages-'));
chmodSync(dir, 0o755);
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const pages = join(dir, 'pages');
const run = await makePages(dir);
const hook = await startHook(dir);
t.teardown(hook.close);
const [ofNginx, ofCaddy] = await evaluateHosts(dir, hook.port);

const nginx = startNginx(join(dir, 'nginx'), nginxServer('ci.example.org', ofNginx));
t.teardown(nginx.close);
const caddy = startCaddy(join(dir, 'caddy'), ofCaddy);
t.teardown(caddy.close);
const documented = {
  nginx: startNginx(join(dir, 'nginx-docs'), here(blockOf('nginx')).replace('443 ssl', '443')),
  caddy: startCaddy(join(dir, 'caddy-docs'), siteOf(here(blockOf('caddy')))),
};
t.teardown(documented.nginx.close);
t.teardown(documented.caddy.close);

const servers: readonly (readonly [string, WebServer])[] = [
  ["the module's nginx", nginx],
  ["the module's Caddy", caddy],
  ['nginx as in docs/pages.md', documented.nginx],
  ['Caddy as in docs/pages.md', documented.caddy],
];
for (const [name, server] of servers) t.test(name, async (t) => tryServer(t, server));

t.test('nginx follows no link; webhooks reach ccci-hook where the module leads them', async (t) => {
  for (const server of [nginx, documented.nginx]) {
    t.equal(curl(server, '/link.log').status, 403);
    t.ok(curl(server, '/folder/secret.log').status >= 400);
  }
  for (const server of [nginx, caddy]) {
    t.match(curl(server, '/hook/healthz'), { status: 200, body: /^ok/ });
    const post = ['-H', 'Expect:', '-H', 'Content-Type: application/json', '--data-binary'];
    t.equal(curl(server, '/hook', [...post, '{}']).status, 401, 'not signed');
    const large = join(dir, 'large');
    writeFileSync(large, Buffer.alloc(1_100_000, 'x'));
    const signed = ['-H', `X-Gitea-Signature: ${'0'.repeat(64)}`];
    t.equal(curl(server, '/hook', [...signed, ...post, `@${large}`]).status, 413);
    t.match(curl(server, '/hooks'), { status: 404, headers: headersOf() }, 'no more than that is led there');
  }
  for (const server of Object.values(documented)) t.equal(curl(server, '/hook/healthz').status, 404);
});

function tryServer(t: Test, server: WebServer): void {
  const html = /^text\/html; charset=utf-8$/;
  const expected: readonly (readonly [string, RegExp])[] = [
    ['/', html],
    [`/runs/${run}/`, html],
    [`/runs/${run}/index.html`, html],
    [`/recipe/ghost/`, html],
    [`/runs/${run}/logs/app.log`, /^text\/plain; charset=utf-8$/],
    [`/runs/${run}/lint.txt`, /^text\/plain; charset=utf-8$/],
    [`/runs/${run}/events.ndjson`, /^application\/x-ndjson(; charset=utf-8)?$/],
    [`/runs/${run}/results.json`, /^application\/json(; charset=utf-8)?$/],
    [`/runs/${run}/junit/install.xml`, /^(text|application)\/xml(; charset=utf-8)?$/],
    [`/runs/${run}/screenshot.png`, /^image\/png$/],
    ['/badge/ghost.svg', /^image\/svg\+xml/],
    ['/assets/run.js', /^(text|application)\/javascript(; charset=utf-8)?$/],
  ];
  for (const [path, type] of expected) {
    const { status, headers, body } = curl(server, path);
    t.match(
      { status, headers, type: headers['content-type'] },
      { status: 200, headers: headersOf(), type },
      path,
    );
    t.equal(body, readFileSync(join(pages, path.endsWith('/') ? `${path}index.html` : path), 'latin1'));
  }
  t.notMatch(
    curl(server, `/runs/${run}/odd.tmp`).headers['content-type'] ?? '',
    /html|javascript/,
    'unknown ending',
  );
  const part = curl(server, `/runs/${run}/events.ndjson`, ['-H', 'Range: bytes=2-5']);
  t.match(part, { status: 206, headers: headersOf() }, 'the live log asks for ranges');
  t.equal(part.body.length, 4);
  t.match(
    curl(server, `/runs/${run}`),
    { headers: { location: /\/runs\/[\w-]+\/$/ } },
    'a folder has a slash',
  );
  for (const folder of [`/runs/${run}/logs/`, `/runs/${run}/junit/`]) {
    const { status, body } = curl(server, folder);
    t.ok([403, 404].includes(status), `${folder}: ${status}`);
    t.notMatch(body, /app\.log|install\.xml/, 'what lies in a folder is not listed');
  }
  for (const path of ['/../secret.log', '/runs/../../secret.log', '/%2e%2e/secret.log', '/..%2fsecret.log']) {
    const { status, body } = curl(server, path);
    t.ok(status >= 400, `${path}: ${status}`);
    t.notMatch(body, 'outside', path);
  }
  t.match(curl(server, '/runs/none/'), { status: 404, headers: headersOf() });
}

/** Those that docs/pages.md shows, in the words of an answer. */
function headersOf(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readNginx().headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** An example of the page, with the pages where they are. */
function here(text: string): string {
  return text.replace('/var/lib/ccci/pages', pages);
}

/** What stands in the block of a site. */
function siteOf(text: string): string {
  return /\{\n([\s\S]*)\n\}/.exec(text)?.[1] ?? '';
}
