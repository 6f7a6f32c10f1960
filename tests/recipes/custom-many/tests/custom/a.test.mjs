import assert from 'node:assert/strict';
import test from 'node:test';
import { answer } from './_x.mjs';

test('one', () => assert.equal(answer, 42));
test('two', () => assert.ok(process.env.CCCI_RUN));
