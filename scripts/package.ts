import { join } from 'node:path';
import { packageDist } from './build/package.ts';

/** `npm run package`: what was built as one file that npm installs. */
const root = join(import.meta.dirname, '..');
const file = await packageDist(root, join(root, 'dist'));
process.stderr.write(`package: ${file}\n`);
