import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

const read = async (path) => (await fetch(`${process.env.CCCI_URL}${path}`)).text();

test('every name of the stack answers, and never with another stack', { timeout: 120_000 }, async () => {
  const wanted = ['app', 'peer', 'tasks.app', 'tasks.peer'];
  const count = (asked, name) => asked.split('\n').filter((line) => line === name).length;
  for (;;) {
    const asked = await read('/asked');
    if (wanted.every((name) => count(asked, name) >= 10)) break;
    await pause(500);
  }
  assert.equal(await read('/foreign'), '');
});
