import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shot } from '@ccci/lib/browser/shot.ts';
import { decodePng, encodePng } from '@ccci/lib/pictures/png.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { defaultSettings, type Settings } from '@ccci/lib/recipe/settings.ts';
import { makeMasker } from '@ccci/lib/runs/mask.ts';
import { emptyScratch, type RunContext } from '@ccci/lib/stages/context.ts';
import { takeScreenshot } from '@ccci/lib/stages/screenshot.ts';
import type { ShootOptions } from '@ccci/lib/stages/shoot-page.ts';
import t, { type Test } from 'tap';

const secret = 'correct-horse-battery';
const png = Buffer.from(encodePng({ width: 2, height: 1, rgb: Uint8Array.from([1, 2, 3, 4, 5, 6]) }));
const good = { png: png.toString('base64'), text: 'Hello', notes: [] };

function fixture(
  t: Test,
  given: { settings?: Partial<Settings>; screenshotMs?: number | null; url?: string } = {},
) {
  const dir = t.testdir({ work: {}, 'ca.pem': 'authority' });
  const said: string[] = [];
  const asked: string[] = [];
  const masker = makeMasker();
  masker.add(secret);
  const url = given.url ?? 'https://ghos-1.ccci.test';
  const context = {
    domain: 'ghos-1.ccci.test',
    settings: { ...defaultSettings, ...given.settings },
    directory: { id: 'run', dir, work: join(dir, 'work') },
    scratch: { ...emptyScratch(), frontDoor: { url, address: '127.0.0.1', caFile: join(dir, 'ca.pem') } },
    masker,
    screenshotMs: given.screenshotMs === undefined ? 1_000 : given.screenshotMs,
    signal: new AbortController().signal,
    aside: (work: () => Promise<unknown>) => work(),
    recorder: { say: async (tool: string, line: string) => void said.push(`${tool}: ${line}`) },
  } as unknown as RunContext;
  const take = (shot: Shot | Error, name: 'screenshot.png' | 'screenshot-upgrade.png' = 'screenshot.png') =>
    takeScreenshot(context, name, async ({ url }: ShootOptions) => {
      asked.push(url);
      if (shot instanceof Error) throw shot;
      return shot;
    });
  const file = join(dir, 'screenshot.png');
  return { take, said, asked, file, context };
}

t.test('a picture is kept, written by us', async (t) => {
  const { take, said, asked, file, context } = fixture(t, { settings: { screenshot: '/front' } });
  await take({ ...good, png: Buffer.concat([png, Buffer.from('appended')]).toString('base64') });
  t.same(asked, ['https://ghos-1.ccci.test/front']);
  t.match(decodePng(readFileSync(file)), { width: 2, height: 1 });
  t.notOk(readFileSync(file).includes('appended'));
  t.same([...context.scratch.pictures], ['screenshot.png']);
  t.same(said, []);
});

t.test('a page that shows a secret of the run is not kept, in whatever form', async (t) => {
  const forms = [secret, [...secret].join('\n'), Buffer.from(secret).toString('base64')];
  for (const text of forms) {
    const { take, said, file, context } = fixture(t);
    await take({ ...good, text: `your password is ${text} .` });
    t.notOk(existsSync(file));
    t.equal(context.scratch.pictures.size, 0);
    t.same(said, ['screenshot: no screenshot.png: the page shows a secret of the run']);
  }
});

t.test('whatever goes wrong is a line of the log and nothing else', async (t) => {
  const { take, said, file } = fixture(t);
  await take({ none: 'the page made Chromium crash' });
  await take(new Failure(exitStatus.unavailable, 'no-sandbox', 'no bwrap', { hint: 'install bubblewrap' }));
  await take(new TypeError('a bug'));
  await take({ ...good, png: 'bm90IGEgUE5H' });
  t.notOk(existsSync(file));
  t.match(said, [/crash/, /no bwrap \(install bubblewrap\)/, /a bug/, /it is no PNG/]);
});

t.test('a machine without a browser is told once', async (t) => {
  const { take, said, asked } = fixture(t);
  const missing = { none: 'there is no Chromium on this machine', isChromiumMissing: true } as const;
  await take(missing);
  await take(missing, 'screenshot-upgrade.png');
  t.equal(asked.length, 1);
  t.match(said, [/no Chromium/]);
});

t.test('none where none is wanted, and none of what is no page', async (t) => {
  const none = [
    { settings: { screenshot: false } },
    { screenshotMs: null },
    { url: 'tcp://ghos-1.ccci.test:25' },
  ];
  for (const given of none) {
    const { take, said, asked } = fixture(t, given);
    await take(good);
    t.same([asked, said], [[], []]);
  }
});
