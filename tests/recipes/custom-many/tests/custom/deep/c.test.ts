import assert from 'node:assert/strict';
import test from 'node:test';

const port: number = 8080;
test('with a type', () => assert.equal(port, 8080));
