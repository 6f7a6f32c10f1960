import { type Check, type Cure, fine, wanting } from './check.ts';
import type { Facts } from './facts.ts';

/** Debian's own package has held a client of version 20 for long; this script brings the present one everywhere. */
const docker: Cure = {
  debian: 'curl -fsSL https://get.docker.com | sudo sh',
  nixos: 'virtualisation.docker.enable = true;',
};

/** Cures by the code of what is wrong with the engine. */
const cures: Readonly<Record<string, Cure>> = {
  'engine-unreachable': { debian: 'sudo systemctl start docker', nixos: docker.nixos },
  'no-access': {
    debian: 'sudo usermod -aG docker "$USER", then log in again',
    nixos: 'users.users.YOU.extraGroups = [ "docker" ];',
  },
  'no-swarm': same('docker swarm init'),
  'not-a-manager': same('docker node promote NODE, on a manager; or DOCKER_HOST=… of a manager'),
  'engine-host': same('unset DOCKER_HOST'),
};

/** The same where DOCKER_HOST, a flag or the configuration names an engine that is not the usual one. */
const namedCures: Readonly<Record<string, Cure>> = {
  'engine-unreachable': same('unset DOCKER_HOST; or start the engine there'),
  'no-access': same('unset DOCKER_HOST; or be a user who may open it'),
};

/** The `docker` command: without it the policy cannot be judged and nothing is deployed. Pure. */
export function judgeClient({ system, client }: Facts): Check {
  const name = 'docker client';
  if (client.ok) return fine(name, client.value);
  const affects = 'nothing can be tested; ccci lint leaves the policy out';
  return wanting(system, { name, state: 'missing', found: client.words, affects, cure: docker });
}

/** The engine, and what it says of its swarm; of one that does not answer nothing more is known. Pure. */
export function judgeEngine(facts: Facts): readonly Check[] {
  const { system, engine } = facts;
  if (engine.ok) return [fine('docker engine', engine.value), fine('swarm', 'active, a manager')];
  const isSwarm = engine.code === 'no-swarm' || engine.code === 'not-a-manager';
  const name = isSwarm ? 'swarm' : 'docker engine';
  const check = { name, state: 'missing', found: engine.words, affects: 'nothing can be tested' } as const;
  const failed = wanting(system, { ...check, cure: cureOf(engine.code, facts) });
  return isSwarm ? [fine('docker engine', 'answers'), failed] : [failed];
}

/** Whatever somebody named may be the wrong one; the usual engine is not started, or not there at all. */
function cureOf(code: string, { namedHost, client }: Facts): Cure {
  const named = namedHost === null ? undefined : namedCures[code];
  if (named !== undefined) return named;
  return client.ok || code !== 'engine-unreachable' ? (cures[code] ?? docker) : docker;
}

function same(command: string): Cure {
  return { debian: command, nixos: command };
}
