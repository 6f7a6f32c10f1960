import { createHash } from 'node:crypto';
import { exitStatus, Failure } from '../program/failure.ts';

/** The longest name that Swarm takes for a secret or a config, in characters; source: swarm.md. */
export const objectNameLimit = 64;
/** The longest name that Swarm takes for a service or a network, in characters; source: swarm.md. */
export const serviceNameLimit = 63;

/** `STACK_NAME` of a domain, as abra makes it: `.` becomes `_`, cut at 45 characters. */
export function stackName(domain: string): string {
  return domain.replaceAll('.', '_').slice(0, 45);
}

export type RunDomainOptions = {
  readonly recipe: string;
  /** Run id. */
  readonly run: string;
  /** Domain below which runs get theirs: `ci.example.org`. */
  readonly base: string;
  /** Whether a domain is in use; the next six digits are tried then. */
  readonly taken?: (domain: string) => boolean;
};

/**
 * The domain of a run: at most four letters of the recipe, `-`, six hex digits of the run id's hash, the base.
 *
 * @throws Failure `no-free-domain` when a hundred candidates are taken, `bad-domain` when the base is none.
 */
export function runDomain({ recipe, run, base, taken = () => false }: RunDomainOptions): string {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(base) || base.length > 200) {
    throw new Failure(exitStatus.configuration, 'bad-domain', `${base} is not a domain in lower case`, {
      hint: 'set stage.domain to the domain below which runs get theirs, such as ci.example.org',
    });
  }
  for (let attempt = 0; attempt < 100; attempt++) {
    const domain = `${letters(recipe)}-${digits(run, attempt)}.${base}`;
    if (!taken(domain)) return domain;
  }
  throw new Failure(exitStatus.unavailable, 'no-free-domain', `no free domain for run ${run} below ${base}`, {
    hint: 'remove what earlier runs left behind (ccci-janitor)',
  });
}

/**
 * The name of a secret or a config on the swarm: `<stack>_<name>_<version>`.
 *
 * @throws Failure `name-too-long` above 64 characters, `no-version` when the version is empty.
 */
export function secretName(stack: string, name: string, version: string): string {
  const full = `${stack}_${name}_${version}`;
  checkObjectName(full);
  return full;
}

/** Throws `Failure` when Swarm or abra would not take this full name of a secret or a config. */
export function checkObjectName(full: string): void {
  if (full.endsWith('_')) {
    throw new Failure(exitStatus.badInput, 'no-version', `${full} ends in "_": it has no version`, {
      hint: 'set its version: SECRET_<NAME>_VERSION=v1 in .env.sample, or export <NAME>_VERSION=v1 in abra.sh',
    });
  }
  checkLength(full, objectNameLimit, 'secrets and configs');
}

/** Throws `Failure` when Swarm would not take this full name of a service or a network. */
export function checkServiceName(full: string): void {
  checkLength(full, serviceNameLimit, 'services and networks');
}

function checkLength(name: string, limit: number, what: string): void {
  if (name.length <= limit) return;
  throw new Failure(
    exitStatus.badInput,
    'name-too-long',
    `${name} has ${name.length} characters; Swarm takes ${limit} for ${what}`,
    { hint: 'use a shorter name in the recipe, or a shorter base domain' },
  );
}

function letters(recipe: string): string {
  const plain = recipe
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 4);
  return plain === '' ? 'app' : plain;
}

function digits(run: string, attempt: number): string {
  const source = attempt === 0 ? run : `${run}\n${attempt}`;
  return createHash('sha256').update(source).digest('hex').slice(0, 6);
}
