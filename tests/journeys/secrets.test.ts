import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import type { Results } from '@ccci/lib/records/results.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { enrolment, pipeline, shell } from '../support/journey/pipeline.ts';
import { findSecrets, readEverything } from '../support/journey/secret-forms.ts';
import { maintainer, makeSite, organisation, type Site } from '../support/journey/site.ts';
import { start } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

/** What `recipe.yml` of the two recipes has. */
const given = [`hunter2 'of' "the" operator/&%`, 'tok-4f9a2c71e6b8'];

t.test('the search finds what is hidden', async (t) => {
  const secret = `p/a+s's"w ö&r%d-and-more`;
  const text = Buffer.concat([Buffer.from('password\0\0'), deflateSync(secret)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const png = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    length,
    Buffer.from('zTXt'),
    text,
    length,
  ]);
  const dir = t.testdir({
    'a.gz': gzipSync(`x${secret}`),
    'b.png': png,
    'c.log': Buffer.from(`xx${secret}`).toString('base64'),
    'd.ndjson': JSON.stringify({ line: JSON.stringify({ secret }) }),
    [`e-${encodeURIComponent(secret)}`]: '',
  });
  for (const [path, bytes] of readEverything(dir)) {
    if (!path.includes('/e-')) t.not(findSecrets(bytes, [secret]).length, 0, path);
  }
});

t.test('secrets in logs, tests, names and errors are in nothing that a run leaves or says', async (t) => {
  const site = await makeSite({ dir: t.testdir(), recipes: ['secrets-everywhere', 'secrets-in-image'] });
  t.teardown(site.close);
  t.equal((await shell(site, enrolment)).exit, 0);
  const keys = site.recipes.map(
    ({ name, pull }) => `gitea-${site.forge.comment(organisation, name, pull, maintainer, '!testme').id}`,
  );
  const seen = new Set<string>();
  const pipe = start(['bash', '--norc', '-o', 'pipefail', '-c', pipeline], {
    cwd: site.dir,
    env: site.env,
    limitMs: 600_000,
  });
  await pipe
    .until((record) => {
      if (record.type !== 'log') for (const secret of secretsOnEngine()) seen.add(secret);
      return false;
    }, 'the end')
    .catch(() => {});
  const { exit, records, stderr } = await pipe.ended;
  t.equal(exit, 0, stderr);
  const secrets = [...given, ...[...seen].sort()];
  t.ok(seen.size >= 4, `secrets of both deployments were seen: ${seen.size}`);

  const everywhere = await results(site, keys[0]);
  t.match(
    everywhere.results,
    { install: 'pass', backup: 'fail', custom: 'fail', upgrade: 'fail' },
    'all of it was said',
  );
  t.ok((everywhere.stages.find(({ name }) => name === 'custom')?.tests.length ?? 0) > 30);
  t.match((await results(site, keys[1])).verdict, /red|incomplete|infra/);
  for (const key of keys)
    t.equal((await results(site, key)).flags.no_secret_leak, true, 'masked before it was written');

  const said = new Map([
    ['standard output', Buffer.from(JSON.stringify(records))],
    ['standard error', Buffer.from(stderr)],
    ['requests to the forge', Buffer.from(JSON.stringify(site.forge.requests))],
    ...site.recipes.flatMap(({ name, pull, head }) => [
      [
        `comments of ${name}`,
        Buffer.from(JSON.stringify(site.forge.comments(organisation, name, pull))),
      ] as const,
      [
        `statuses of ${name}`,
        Buffer.from(JSON.stringify(site.forge.statuses(organisation, name, head))),
      ] as const,
    ]),
    ...[site.runs, site.state, site.pages].flatMap((dir) => [...readEverything(dir)]),
  ]);
  t.ok(said.size > 40, 'there is something to search');
  for (const format of ['text', 'markdown', 'junit', 'html', 'summary']) {
    for (const key of keys) {
      const again = await shell(
        site,
        `ccci-report --format ${format} <${join(site.runs, key, 'events.ndjson')}; :`,
      );
      said.set(`${format} of ${key}`, Buffer.from(again.stdout));
    }
  }
  const leaks = [...said].flatMap(([where, bytes]) =>
    findSecrets(bytes, secrets).map((what) => `${where}: ${what}`),
  );
  t.same(leaks, []);
  t.match(
    said.get(join(site.runs, String(keys[0]), 'events.ndjson'))?.toString(),
    '***',
    'it was there to be masked',
  );
});

/** Contents of the secrets in all containers that run now. */
function secretsOnEngine(): string[] {
  const docker = (...args: string[]) =>
    execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const ids = docker('ps', '--quiet', '--filter', 'label=com.docker.swarm.service.name')
    .split('\n')
    .filter(Boolean);
  return ids.flatMap((id) =>
    ['app_password', 'api_token'].flatMap((name) => {
      try {
        return [docker('exec', id, 'cat', `/run/secrets/${name}`)];
      } catch {
        // It ended in between.
        return [];
      }
    }),
  );
}

async function results(site: Site, key = ''): Promise<Results> {
  const found = await readResults(site.runs, key);
  if (found === undefined) throw new Error(`no results of ${key}`);
  return found;
}
