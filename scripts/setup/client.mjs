import { spawnSync } from 'node:child_process';
import { find } from './find.mjs';

/** `docker stack config`, which renders recipes, came with this major version of the client. */
export const oldestClient = 23;

/** True when the `docker` that comes first on PATH is new enough. */
export function hasNewClient() {
  return Number(clientVersion()?.split('.')[0]) >= oldestClient;
}

/** What is there, what is needed, and where it comes from. */
export function explainClient() {
  const version = clientVersion();
  const found = version
    ? `docker on PATH (${find('docker')}) is ${version}`
    : 'there is no docker client on PATH';
  return (
    `${found}, but a Docker client of ${oldestClient} or newer is needed (for \`docker stack config\`). ` +
    "Install Docker's package docker-ce-cli, or `docker` of nixpkgs; the client alone is enough, " +
    'and it has to come first on PATH. Debian 12 has only 20.10 of its own. Then run this again.'
  );
}

function clientVersion() {
  const { stdout } = spawnSync('docker', ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return /version v?(\d+\.[\w.+-]+)/.exec(stdout ?? '')?.[1];
}
