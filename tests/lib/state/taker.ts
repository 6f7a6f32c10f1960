/** A process of its own that locks or claims, says `got` or `null`, and holds until it is killed or told to go on. */
import { once } from 'node:events';
import { claim } from '@ccci/lib/state/claim.ts';
import { lockFile } from '@ccci/lib/state/lock.ts';

const [what, where = '', file = ''] = process.argv.slice(2);
const stamping = { by: `ccci-test/${process.pid}`, now: () => new Date() };

process.stdout.write('ready\n');
await once(process.stdin, 'data');
const taken = what === 'lock' ? await lockFile(where) : await claim(where, file, { stamping });
process.stdout.write(taken === null ? 'null\n' : 'got\n');
await once(process.stdin, 'data');
taken?.release();
process.stdin.destroy();
