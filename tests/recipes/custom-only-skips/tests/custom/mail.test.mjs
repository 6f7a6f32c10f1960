import test from 'node:test';

test('mail arrives', { skip: 'no mail server here' }, () => {});
