import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

test('good', () => assert.ok(true));
describe('group', () => {
  test('bad', () => assert.equal(0, 3, 'posts are listed'));
});
