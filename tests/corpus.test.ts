/**
 * Recordings of real runs (`corpus/<name>/events.ndjson`, made by `corpus/record.ts`) and what report makes of them.
 * `CCCI_CORPUS_UPDATE=1` writes what is expected anew: look at the difference as a person who reads it would.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPage } from '@ccci/lib/pages/page.ts';
import { verdictSchema } from '@ccci/lib/records/common.ts';
import { execa } from 'execa';
import t from 'tap';
import { outputsOf, readRecording, recordings, rendered, viewOf } from './corpus/outputs.ts';
import { startForge } from './support/forge/forge.ts';

const corpus = join(import.meta.dirname, 'corpus');
const bin = join(import.meta.dirname, '..', 'dist', 'bin');
const outputs = new Map<string, Record<string, string>>();
for (const name of recordings) outputs.set(name, await outputsOf(readRecording(name)));

t.test('what is made of each recording is what it was', async (t) => {
  for (const [name, made] of outputs) {
    for (const [file, text] of Object.entries(made)) {
      const path = join(corpus, name, file);
      if (process.env.CCCI_CORPUS_UPDATE === '1') writeFileSync(path, text);
      t.equal(text, existsSync(path) ? readFileSync(path, 'utf8') : '(no such file)', `${name}/${file}`);
    }
  }
});

t.test('the corpus has every verdict, red in every stage, a part and a drop', async (t) => {
  const views = await Promise.all(recordings.map((name) => viewOf(readRecording(name))));
  const verdicts = new Set(views.map(({ results }) => results?.verdict));
  for (const verdict of verdictSchema.options) t.ok(verdicts.has(verdict), verdict);
  const failed = new Set(
    views.flatMap(({ results }) =>
      (results?.stages ?? []).filter(({ status }) => status === 'fail').map(({ name }) => name),
    ),
  );
  for (const stage of [
    'policy',
    'lint',
    'pull',
    'install',
    'upgrade',
    'backup',
    'restore',
    'custom',
  ] as const)
    t.ok(failed.has(stage), `${stage} failed`);
  t.ok(views.some(({ results }) => results?.scope === 'partial'));
  t.ok(views.some(({ drop }) => drop !== null));
});

t.test('recordings hold nothing of the machine that made them', async (t) => {
  for (const name of recordings) {
    t.notMatch(readRecording(name), /"\/(home|root|work|var|usr)\//, name);
    t.ok(readRecording(name).length < 100_000, `${name} is small`);
  }
});

t.test('the same bytes elsewhere, a year later, in another language', { timeout: 600_000 }, async (t) => {
  const preload = join(corpus, 'a-year-later.mjs');
  const { stdout } = await execa(process.execPath, ['--import', preload, join(corpus, 'print.ts')], {
    env: {
      ...process.env,
      TZ: 'Pacific/Kiritimati',
      LC_ALL: 'tr_TR.UTF-8',
      LANG: 'tr_TR.UTF-8',
      TMPDIR: t.testdir(),
    },
    cwd: t.testdir(),
    maxBuffer: 100 * 1024 * 1024,
  });
  const there = JSON.parse(stdout) as Record<string, Record<string, string>>;
  for (const [name, made] of outputs) {
    for (const [file, text] of Object.entries(made)) t.equal(there[name]?.[file], text, `${name}/${file}`);
  }
});

t.test('unknown records and fields in between change nothing', async (t) => {
  for (const [name, made] of outputs) {
    const lines = readRecording(name).trimEnd().split('\n');
    const mixed = lines.flatMap((line) => {
      const record = JSON.parse(line) as Record<string, unknown>;
      const { key, run } = record;
      const later = { ...record, x_weather: { rain: [1, 2] }, 'x-ß': null };
      return [
        later,
        { type: 'x.weather', key, run, says: line },
        { type: 'x.other' },
        { type: 'x.alone', key: 'x-1' },
      ];
    });
    const text = mixed.map((one) => `${JSON.stringify(one)}\n`).join('');
    t.same(await outputsOf(text), made, name);
  }
});

t.test('records of another run in between change nothing of what is said of this one', async (t) => {
  const names = recordings.filter((name) => name !== 'dropped');
  for (const [index, name] of names.entries()) {
    const ours = readRecording(name).trimEnd().split('\n');
    const others = renamed(readRecording(names[(index + 1) % names.length] as string))
      .trimEnd()
      .split('\n');
    const mixed = ours.flatMap((line, at) => [line, ...others.slice(at, at + 1)]).join('\n');
    const alone = outputs.get(name) as Record<string, string>;
    const both = await outputsOf(`${mixed}\n`);
    t.equal(both['comment.md'], alone['comment.md'], name);
    t.ok(both['summary.txt']?.includes(alone['summary.txt'] as string), name);
    t.ok((await rendered('html', mixed)).includes(runPage(await viewOf(ours.join('\n')))), name);
    t.ok((await rendered('markdown', mixed)).includes(await rendered('markdown', ours.join('\n'))), name);
  }
});

t.test(
  'the programs make the same of it, write the page, and post nothing',
  { timeout: 300_000 },
  async (t) => {
    const dir = t.testdir({ token: 'abc' });
    const forge = await startForge({ root: dir });
    t.teardown(forge.close);
    const config = join(dir, 'ccci.json');
    const forges = {
      gitea: {
        url: forge.url,
        organisations: ['recipes'],
        tokenFile: join(dir, 'token'),
        reportTokenFile: join(dir, 'token'),
      },
    };
    writeFileSync(
      config,
      JSON.stringify({
        state: join(dir, 'state'),
        forges,
        report: { directory: join(dir, 'pages'), url: 'https://ci.example.org' },
      }),
    );
    const env = { PATH: process.env.PATH, HOME: dir, CCCI_CONFIG: config };
    const options = { env, extendEnv: false, reject: false, stripFinalNewline: false } as const;
    const run = (args: string[], input: string) =>
      execa(join(bin, 'ccci-report'), args, { ...options, input });
    const recording = readRecording('red-custom');
    const posted = await run([], recording);
    t.equal(posted.exitCode, 0, posted.stderr);
    t.equal(posted.stdout, recording, 'it goes through as it is');
    const page = readFileSync(join(dir, 'pages', 'runs', 'gitea-1', 'index.html'), 'utf8');
    t.equal(
      page,
      await rendered('html', recording),
      'the page that is published is the one of the recording',
    );
    t.equal((await run(['--format', 'html'], recording)).stdout, page);
    const { stdout } = await run(['--format', 'text'], recording);
    const files = `  files: ${join(dir, 'state', 'runs', 'gitea-1')}/\n`;
    t.match(stdout, files);
    t.equal(stdout.replace(files, ''), outputs.get('red-custom')?.['text.txt']);
    t.same(forge.requests, [], 'nothing is posted for what does not lie in its own state');
    t.same(forge.problems, []);
  },
);

/** The same recording of another key. */
function renamed(text: string): string {
  return text.replaceAll(/\b(gitea-1|hand-\d{8}t\d{6}-[0-9a-f]{4})\b/g, 'other-9');
}
