/** Starts the forge alone for a developer: `main.ts [--root DIR] [--port N]` serves each DIR/<owner>/<name>.git. */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startForge } from './forge.ts';

const { values } = parseArgs({ options: { root: { type: 'string' }, port: { type: 'string' } } });
const root = values.root ?? process.cwd();
const forge = await startForge({ root, port: Number(values.port ?? 0) });
const tokens = ['mia', 'bot'].map((login) => `${login}: ${forge.addUser(login).token(['all'])}`);
const owners = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
for (const { name: owner } of owners) {
  const bare = readdirSync(`${root}/${owner}`).filter((name) => name.endsWith('.git'));
  if (bare.length === 0) continue;
  forge.addOrganisation(owner, ['mia', 'bot']);
  for (const name of bare) forge.addRepository(owner, name.slice(0, -'.git'.length), `${owner}/${name}`);
}
console.log([forge.url, ...tokens].join('\n'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void forge.close());
