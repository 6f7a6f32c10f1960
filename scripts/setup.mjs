// Sets up everything that the project's scripts need, then runs them; see `usage`.
// Plain JavaScript without dependencies: it runs before anything is installed, under any Node from 20.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFiles } from './setup/chain.mjs';
import { installDependencies, pickNode } from './setup/dependencies.mjs';
import { bringPackages } from './setup/packages.mjs';
import { Stop, say } from './setup/say.mjs';
import { installSystemParts } from './setup/system.mjs';

const usage = `Usage: node scripts/setup.mjs [--then FILE]... [ARGUMENT]...

Installs what the project needs, only where it is missing, and says what it does. Safe to run again.
  1. the npm dependencies, with the pnpm that package.json names (by npx)
  2. Node 24 as a development dependency; the machine's own Node stays as it is
  3. system parts by apt-get, as root: a Docker engine, iptables, restic, jq, git, busybox, bubblewrap, strace.
     A Docker engine that is there is not touched, and none is started.
     For the tests also chromium, python3-pytest, nix-bin, systemd, curl, nginx, caddy, man, groff, zsh and fish, and
     the npm packages as Nix gets them. Web servers are not started either.
Inside \`nix develop\` nothing of the system is installed, only checked.

  --then FILE   then run FILE with that Node; may be given several times, each one only if the one before
                ended with 0; arguments that follow go to the last one
  --help        this text

Exit status: that of the FILE which ended last; 64 usage; 69 something is missing that you have to install.
`;

const testRunners = ['tests/run.ts', 'tests/prove.ts'];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Debian leaves the administrator's folders out of an ordinary user's PATH; the engine's parts live there.
process.env.PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  say(error.message);
  process.exitCode = error.status;
}

async function main(args) {
  const { files, rest, help } = parse(args);
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await installDependencies(root, manifest.packageManager);
  const node = pickNode(root);
  const forTests = files.some((file) => testRunners.includes(file));
  await installSystemParts({ forTests });
  if (forTests) await bringPackages(root);
  say('everything is there');
  return runFiles({ root, node, files, rest });
}

/** Leading `--then FILE` pairs, then the arguments of the last file, untouched. */
function parse(args) {
  const files = [];
  let at = 0;
  for (; args[at] === '--then'; at += 2) {
    if (args[at + 1] === undefined) throw new Stop(64, '--then needs a file');
    files.push(args[at + 1]);
  }
  const rest = args.slice(at);
  const help = files.length === 0 && rest[0] === '--help';
  if (files.length === 0 && rest.length > 0 && !help) {
    throw new Stop(64, `unknown argument ${JSON.stringify(rest[0])}; see node scripts/setup.mjs --help`);
  }
  return { files, rest, help };
}
