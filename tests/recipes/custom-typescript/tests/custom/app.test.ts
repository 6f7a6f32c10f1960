import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { app } from '@ccci/test';

test('the front page over HTTPS', async () => {
  const answer: Response = await app.fetch('/');
  assert.equal(answer.status, 200);
  assert.match(app.url, /^https:/);
});

describe('inside', () => {
  test('a command in the container', async () => {
    const { exitCode, stdout } = await app.exec('app', ['sh', '-c', 'echo $DOMAIN; exit 3']);
    assert.equal(exitCode, 3);
    assert.equal(stdout, `${app.domain}\n`);
  });

  test('its logs', async () => {
    assert.ok((await app.logs('app')).some((line) => line.startsWith('serving version')));
  });
});

test('only the services of this run', async () => {
  assert.deepEqual((await app.services()).map(({ name }) => name), ['app']);
  await assert.rejects(app.exec('other', ['true']), /there is no service other; there are: app/);
  await assert.rejects(app.logs('app', { dep: 'keycloak' }), /keycloak is no dependency of this run/);
  const { environment, image } = await app.inspect('app');
  assert.ok(environment.includes('DOMAIN') && !JSON.stringify(environment).includes('='));
  assert.match(image, /^lab\.invalid/);
});

test('what earlier stages saw', () => {
  const { schema, stages, ref, version } = app.state;
  assert.equal(schema, 1);
  assert.equal(ref, app.ref);
  assert.equal(version, '1.1.0+1.1.0');
  assert.equal(stages.find(({ name }) => name === 'install')?.status, 'pass');
});

test('the page is drawn by Chromium', async () => {
  const page = await (await app.browser()).newPage({ viewport: { width: 400, height: 300 } });
  await page.goto(app.url);
  assert.match((await page.textContent('h1')) ?? '', /^Hello from version/);
  const drawn = await page.screenshot();
  await page.setContent('<!doctype html><title>nothing</title>');
  const blank = await page.screenshot();
  assert.ok(drawn.length > blank.length, 'the page has more to show than an empty one');
});
