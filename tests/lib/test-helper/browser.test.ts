import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { resolverRules } from '@ccci/lib/browser/launch.ts';
import { openFrontDoor } from '@ccci/lib/probe/front-door.ts';
import { runTestFile } from '@ccci/lib/testing/run-file.ts';
import t from 'tap';

const domain = 'ghos-0a1b2c.ccci.test';
const page = '<!doctype html><title>Blog</title><body style="background:#e02020"><h1>Hello</h1>';

const text = `import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { app } from '@ccci/test';
import { isPng, pixel } from './_png.ts';

test('the page is drawn, with the certificate of the run', async () => {
  const page = await (await app.browser()).newPage({ viewport: { width: 300, height: 200 } });
  const answer = await page.goto(app.url);
  assert.equal(answer?.status(), 200);
  assert.equal((await answer?.securityDetails())?.issuer, 'ccci authority of one run');
  const name: string | null = await page.textContent('h1');
  assert.equal(name, 'Hello');
  const png = await page.screenshot();
  assert.ok(isPng(png));
  assert.deepEqual(pixel(png, 290, 190), [0xe0, 0x20, 0x20], 'the colour of the page');
});

test('below the domain is the run too', async () => {
  const page = await (await app.browser()).newPage();
  assert.equal((await page.goto(app.url.replace('://', '://other.')))?.status(), 200);
});

for (const address of ['file:///etc/passwd', 'http://127.0.0.1:' + process.env.OTHER_PORT, 'http://example.org']) {
  test('not to be had: ' + address, async () => {
    const page = await (await app.browser()).newPage();
    await assert.rejects(page.goto(address), /ERR_(BLOCKED_BY_ADMINISTRATOR|NAME_NOT_RESOLVED)/);
  });
}

test("Chromium's own sandbox is on", async () => {
  await (await (await app.browser()).newPage()).goto(app.url);
  const renderers = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).filter((pid) => {
    try { return readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('--type=renderer'); } catch { return false; }
  });
  assert.ok(renderers.length > 0);
  for (const pid of renderers) {
    assert.match(readFileSync('/proc/' + pid + '/status', 'utf8'), /Seccomp:\\t2/);
  }
});
`;

/** Enough of PNG for what Chromium writes: 8 bits, RGB or RGBA, no interlace. */
const png = `import { inflateSync } from 'node:zlib';
export const isPng = (bytes: Buffer) => bytes.subarray(1, 4).toString() === 'PNG';
export function pixel(bytes: Buffer, x: number, y: number): number[] {
  const width = bytes.readUInt32BE(16);
  const size = bytes[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const line = width * size;
  let above = Buffer.alloc(line);
  for (let row = 0; ; row += 1) {
    const kind = raw[row * (line + 1)];
    const now = Buffer.from(raw.subarray(row * (line + 1) + 1, (row + 1) * (line + 1)));
    for (let i = 0; i < line; i += 1) {
      const a = i >= size ? now[i - size]! : 0, b = above[i]!, c = i >= size ? above[i - size]! : 0;
      const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      now[i] = (now[i]! + [0, a, b, (a + b) >> 1, paeth][kind!]!) & 255;
    }
    if (row === y) return [...now.subarray(x * size, x * size + 3)];
    above = now;
  }
}
`;

t.test('rules for names: those of the run, and nothing else', async (t) => {
  t.equal(
    resolverRules([{ name: 'a.b', address: '127.1.2.3' }]),
    'MAP a.b 127.1.2.3, MAP *.a.b 127.1.2.3, MAP * ~NOTFOUND',
  );
});

t.test('a browser test in the sandbox: drawn by Chromium, the run and nothing else', async (t) => {
  const server = createServer((_request, answer) =>
    answer.setHeader('content-type', 'text/html; charset=utf-8').end(page),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const dir = t.testdir();
  const signal = new AbortController().signal;
  const resolve = async () => ({ address: '127.0.0.1', port });
  const door = await openFrontDoor({ domain, resolve, workDir: dir, signal });
  t.teardown(() => door.close());
  const tree = join(dir, 'tree');
  await mkdir(tree);
  await writeFile(join(tree, 'page.test.ts'), text);
  await writeFile(join(tree, '_png.ts'), png);
  const { cases, output } = await runTestFile({
    file: join(tree, 'page.test.ts'),
    runner: 'node',
    tree,
    env: { CCCI_URL: door.url, CCCI_DOMAIN: domain, OTHER_PORT: String(port) },
    hosts: [{ name: domain, address: door.address }],
    caFile: door.caFile,
    timeoutMs: 120_000,
    signal,
  });
  t.equal(cases.length, 6, output.slice(-3000));
  for (const { name, status, message } of cases) t.equal(status, 'pass', `${name} ${message ?? ''}`);
});
