import assert from 'node:assert/strict';
import test from 'node:test';

test('old', () => assert.ok(true));
