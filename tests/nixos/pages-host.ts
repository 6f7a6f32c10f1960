/** Pages, a receiver of webhooks and virtual hosts, all in one folder. */
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { encode } from 'fast-png';
import { writeAssets } from '../../tools/report/assets.ts';
import { viewOf } from '../lib/pages/records.ts';
import { makeNix, onHost } from '../support/nix/lab.ts';
import { storyOf, writeRun } from '../support/site/many-runs.ts';
import { publisherOf } from '../support/site/publish.ts';
import type { NginxHost } from '../support/site/web-server.ts';
import { plainHost } from './hosts.ts';

/** What ccci-report publishes of a run, and what else there could be: odd endings, links to what is outside. Gives the run. */
export async function makePages(dir: string): Promise<string> {
  const pages = join(dir, 'pages');
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
export async function startHook(dir: string): Promise<{ readonly port: number; readonly close: () => void }> {
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
  let said = '';
  for await (const text of child.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text;
    const [, url] = /listening on (\S+)\n/.exec(said) ?? [];
    if (url === undefined) continue;
    child.stderr.resume();
    return { port: Number(new URL(url).port), close: () => child.kill('SIGTERM') };
  }
  throw new Error(`ccci-hook ended: ${said}`);
}

/** The virtual hosts that the module makes. */
export async function evaluateHosts(dir: string, port: number): Promise<readonly [NginxHost, string]> {
  const nix = makeNix(join(dir, 'nix'));
  const host = (server: string) =>
    plainHost(`services.ccci = {
      report.directory = "${join(dir, 'pages')}";
      pages = { server = "${server}"; host = "ci.example.org"; };
      hook = { enable = true; port = ${port}; };
      forges.git.hookSecretFile = "/run/secrets/hook";
    };`);
  const at = (server: string) =>
    `${onHost(host(server))}.config.services.${server}.virtualHosts."ci.example.org"`;
  return (await nix.evaluate(`[ (${at('nginx')}) (${at('caddy')}).extraConfig ]`)) as [NginxHost, string];
}
