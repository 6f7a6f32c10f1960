/** The pages, served by real web servers: as the module configures them, and as docs/pages.md says. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { encode } from 'fast-png';
import t, { type Test } from 'tap';
import { writeAssets } from '../../tools/report/assets.ts';
import { viewOf } from '../lib/pages/records.ts';
import { makeNix, onHost } from '../support/nix/lab.ts';
import { blockOf, readNginx } from '../support/site/documented.ts';
import { storyOf, writeRun } from '../support/site/many-runs.ts';
import { publisherOf } from '../support/site/publish.ts';
import {
  curl,
  type NginxHost,
  nginxServer,
  startCaddy,
  startNginx,
  type WebServer,
} from '../support/site/web-server.ts';
import { plainHost } from './hosts.ts';

t.setTimeout(120_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-pages-'));
chmodSync(dir, 0o755);
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const pages = join(dir, 'pages');
const run = await makePages();
const hookUrl = await startHook();
const [ofNginx, ofCaddy] = await evaluateHosts(Number(new URL(hookUrl).port));

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

/** What ccci-report publishes of a run, and what else there could be: odd endings, links to what is outside. */
async function makePages(): Promise<string> {
  const folders = { state: join(dir, 'state'), runs: join(dir, 'runs'), directory: pages };
  await prepareState(folders.state);
  const story = { ...storyOf('ghost', 1), run: 'gitea-20001' };
  writeRun(folders.runs, story);
  const folder = join(folders.runs, story.run);
  mkdirSync(join(folder, 'junit'));
  writeFileSync(join(folder, 'junit', 'install.xml'), '<testsuites/>\n');
  writeFileSync(join(folder, 'lint.txt'), 'R001\n');
  const data = new Uint8Array(64 * 40 * 3).fill(120);
  writeFileSync(join(folder, 'screenshot.png'), encode({ width: 64, height: 40, data, channels: 3 }));
  const publisher = publisherOf(folders);
  await publisher.overview();
  await publisher.run(viewOf(story));
  await publisher.idle();
  await writeAssets(pages);
  if (publisher.said.length > 0) throw new Error(publisher.said.join('\n'));
  writeFileSync(join(pages, 'runs', story.run, 'odd.tmp'), '<script>alert(1)</script>');
  writeFileSync(join(dir, 'secret.log'), 'outside\n');
  symlinkSync(join(dir, 'secret.log'), join(pages, 'link.log'));
  symlinkSync(dir, join(pages, 'folder'));
  return story.run;
}

/** The program itself; it asks no forge before a delivery is signed. */
async function startHook(): Promise<string> {
  const secret = join(dir, 'hook-secret');
  writeFileSync(secret, 'what webhooks are signed with');
  const git = {
    url: 'http://127.0.0.1:1',
    organisations: ['recipes'],
    tokenFile: secret,
    hookSecretFile: secret,
  };
  const config = join(dir, 'hook.json');
  writeFileSync(config, JSON.stringify({ state: join(dir, 'state'), forges: { git } }));
  const program = join(import.meta.dirname, '..', '..', 'dist', 'bin', 'ccci-hook');
  const child = spawn(process.execPath, [program, '--config', config, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.teardown(() => child.kill('SIGTERM'));
  let said = '';
  for await (const text of child.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text;
    const [, url] = /listening on (\S+)\n/.exec(said) ?? [];
    if (url === undefined) continue;
    child.stderr.resume();
    return url;
  }
  throw new Error(`ccci-hook ended: ${said}`);
}

/** The virtual hosts that the module makes. */
async function evaluateHosts(port: number): Promise<readonly [NginxHost, string]> {
  const nix = makeNix(join(dir, 'nix'));
  const host = (server: string) =>
    plainHost(`services.ccci = {
      report.directory = "${pages}";
      pages = { server = "${server}"; host = "ci.example.org"; };
      hook = { enable = true; port = ${port}; };
      forges.git.hookSecretFile = "/run/secrets/hook";
    };`);
  const at = (server: string) =>
    `${onHost(host(server))}.config.services.${server}.virtualHosts."ci.example.org"`;
  return (await nix.evaluate(`[ (${at('nginx')}) (${at('caddy')}).extraConfig ]`)) as [NginxHost, string];
}

/** An example of the page, with the pages where they are. */
function here(text: string): string {
  return text.replace('/var/lib/ccci/pages', pages);
}

/** What stands in the block of a site. */
function siteOf(text: string): string {
  return /\{\n([\s\S]*)\n\}/.exec(text)?.[1] ?? '';
}
