import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Shot } from '@ccci/lib/browser/shot.ts';
import { inkOf, isBlank } from '@ccci/lib/pictures/ink.ts';
import { decodePng } from '@ccci/lib/pictures/png.ts';
import { openFrontDoor } from '@ccci/lib/probe/front-door.ts';
import { shootPage } from '@ccci/lib/stages/shoot-page.ts';
import t from 'tap';

const domain = 'ghos-0a1b2c.ccci.test';
/** So long that a machine with much else to do gets there. */
const patientMs = 180_000;
/** For pages that take all the time that they get. */
const hurriedMs = 15_000;
const html = (text: string) => (answer: ServerResponse) =>
  answer.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><body>${text}`);
const script = (text: string) => html(`<h1 id="h">hello</h1><script>${text}</script>`);
const redirect = (location: string) => (answer: ServerResponse) => answer.writeHead(302, { location }).end();

const pages: Readonly<Record<string, (answer: ServerResponse) => unknown>> = {
  '/hangs': () => {},
  '/crashes': script('const a = []; for (;;) a.push(new Array(1e6).fill(Math.random()))'),
  '/busy': script('for (;;);'),
  '/redirects': redirect('/redirects'),
  '/elsewhere': redirect('http://example.org/'),
  '/file': redirect('file:///etc/passwd'),
  '/download': (answer) => answer.setHeader('content-type', 'application/octet-stream').end('abc'),
  '/password': html('<form><input type="password" value="letmein1"></form>'),
  '/shadow-password': script(
    'h.attachShadow({ mode: "open" }).innerHTML = "<input type=password value=letmein1>"',
  ),
  '/basic': (answer) => answer.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('no'),
  '/tall': html('<div style="height:20000px;background:#e02020">tall</div>'),
  '/late': html('<script>setTimeout(() => { document.body.innerHTML = "<h1>late</h1>" }, 2500)</script>'),
  '/asks': script('alert(1); confirm(2); prompt(3); open("/tall"); onbeforeunload = () => "no"'),
  '/restless': script('let i = 0; setInterval(() => { h.textContent = `${i += 1}` }, 10)'),
  '/fields': html('<input value="typed words"><textarea>more words</textarea><p>seen</p>'),
};

const server = createServer((request, answer) => pages[request.url ?? '']?.(answer));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const { signal } = new AbortController();
const resolve = async () => ({ address: '127.0.0.1', port });
const door = await openFrontDoor({ domain, resolve, workDir: t.testdir(), signal });
t.teardown(async () => {
  await door.close();
  server.closeAllConnections();
  server.close();
});
t.jobs = 3;

function shoot(path: string, limitMs = patientMs): Promise<Shot> {
  const hosts = [{ name: domain, address: door.address }];
  return shootPage({ url: `${door.url}${path}`, hosts, caFile: door.caFile, limitMs, signal });
}

function pictured(shot: Shot) {
  if ('none' in shot) throw new Error(`no picture: ${shot.none}`);
  return { ...shot, picture: decodePng(Buffer.from(shot.png, 'base64')) };
}

const refused: Readonly<Record<string, RegExp>> = {
  '/hangs': /Timeout|longer than/,
  '/crashes': /crash/i,
  '/busy': /longer than/,
  '/redirects': /TOO_MANY_REDIRECTS/,
  '/elsewhere': /NAME_NOT_RESOLVED/,
  '/file': /ERR_/,
  '/download': /Download/,
  '/password': /password/,
  '/shadow-password': /password/,
  '/basic': /credentials/,
};
for (const [path, words] of Object.entries(refused)) {
  t.test(`no picture, and why: ${path}`, { buffered: true }, async (t) => {
    const takesAll = path === '/hangs' || path === '/busy';
    const shot = await shoot(path, takesAll ? hurriedMs : patientMs);
    t.match(shot, { none: words });
    t.notOk('png' in shot);
  });
}

t.test('a page of 20,000 pixels: what fits the window', { buffered: true }, async (t) => {
  const { picture, text } = pictured(await shoot('/tall'));
  t.same([picture.width, picture.height], [1280, 800]);
  t.same([...picture.rgb.subarray(-60, -57)], [0xe0, 0x20, 0x20]);
  t.match(text, 'tall');
});

t.test('L56 a page that paints late is waited for', { buffered: true }, async (t) => {
  const { picture, text } = pictured(await shoot('/late'));
  t.notOk(isBlank(inkOf(picture)));
  t.match(text, 'late');
});

t.test('boxes and windows that a page opens are in nobody’s way', { buffered: true }, async (t) => {
  const { picture, text } = pictured(await shoot('/asks'));
  t.notOk(isBlank(inkOf(picture)));
  t.match(text, 'hello');
});

t.test('a page that is never at rest is taken as it is, and that is said', { buffered: true }, async (t) => {
  t.match(pictured(await shoot('/restless', 60_000)).notes, ['the page was not at rest']);
});

t.test('what stands in fields is read as well', { buffered: true }, async (t) => {
  const { text } = pictured(await shoot('/fields'));
  for (const words of ['typed words', 'more words', 'seen']) t.match(text, words);
});

t.test('at the time limit everything of it is ended', { buffered: true }, async (t) => {
  t.match(await shoot('/hangs', 10), { none: /longer than|no answer/ });
});
