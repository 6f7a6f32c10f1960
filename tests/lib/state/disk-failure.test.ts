import { diskFailure } from '@ccci/lib/state/disk-failure.ts';
import t from 'tap';

const codes = [
  ['ENOSPC', 'disk-full', /make space/],
  ['EDQUOT', 'disk-full', /make space/],
  ['EROFS', 'disk-read-only', /read-only/],
  ['EACCES', 'disk-forbidden', /right to write/],
  ['EPERM', 'disk-forbidden', /right to write/],
  ['EEXIST', 'disk-failed', /in the way/],
  ['ENOTDIR', 'disk-failed', /in the way/],
  ['ENOTSUP', 'disk-forbidden', /another place/],
] as const;

for (const [code, named, hint] of codes) {
  t.test(`${code} is ${named}, status 74`, async (t) => {
    const cause = Object.assign(new Error(`${code}: said the disk`), { code });
    const failure = diskFailure('write', '/state/seen.ndjson', cause);
    t.match(failure, { status: 74, code: named, hint, cause });
    t.equal(failure.message, `cannot write /state/seen.ndjson: ${code}: said the disk`);
  });
}

t.test('an unknown error has no hint that could mislead', async (t) => {
  t.match(diskFailure('sync', '/x', new Error('odd')), { status: 74, code: 'disk-failed', hint: undefined });
});
