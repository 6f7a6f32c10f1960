import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { newSecret } from '../recipe/app-env.ts';
import { generateSecret, planSecrets, type SecretPlan } from '../recipe/secrets.ts';
import { createConfig, createNetwork, createSecret } from '../swarm/objects.ts';
import { type RunContext, runLabels, stackLabels } from './context.ts';
import type { Prepared } from './prepare.ts';
import { pathInside } from './read-inside.ts';

/** Makes the run's own network, in the place of the shared `proxy`. */
export async function makeNetwork(context: RunContext): Promise<void> {
  await createNetwork(context.engine, { name: context.network, labels: runLabels(context) });
}

/**
 * Makes the secrets and configs that a stack names and that are not there yet: secrets generated from `.env.sample`,
 * files of the recipe read within its checkout. Gives what an operator has to make, in words: `new secret: jwt_secret`.
 * A config with other content under a name that exists is a `Failure` `config-changed`.
 */
export async function makeObjects(context: RunContext, prepared: Prepared): Promise<string[]> {
  const fresh = await makeSecrets(context, prepared);
  for (const file of prepared.files) await makeFromFile(context, prepared, file);
  return fresh;
}

async function makeSecrets(context: RunContext, prepared: Prepared): Promise<string[]> {
  const plans = planSecrets({ entries: prepared.entries, secrets: prepared.externalSecrets });
  const fresh: string[] = [];
  for (const plan of plans) {
    if (context.scratch.secrets.has(plan.fullName)) continue;
    if (!plan.generate)
      await context.recorder.say('secrets', `${plan.name} says generate=false: a random value is put in`);
    fresh.push(newWords(context, plan));
    await makeSecret(context, plan);
  }
  return fresh;
}

/** A name that the deployment has in another version already is no new secret. */
function newWords({ scratch, stack }: RunContext, { name, fullName }: SecretPlan): string {
  const start = `${stack}_${name}_`;
  const isKnown = [...scratch.secrets.keys()].some((known) => known.startsWith(start));
  return isKnown ? `new version of secret: ${name} (${fullName.slice(start.length)})` : newSecret(name);
}

async function makeSecret(context: RunContext, plan: SecretPlan): Promise<void> {
  const value = generateSecret(plan, context.randomBytes);
  context.masker.add(value);
  await createSecret(context.engine, { name: plan.fullName, data: value, labels: stackLabels(context) });
  context.scratch.secrets.set(plan.fullName, value);
}

async function makeFromFile(
  context: RunContext,
  prepared: Prepared,
  file: Prepared['files'][number],
): Promise<void> {
  const path = await pathInside(prepared.dir, relative(prepared.dir, file.file));
  if (path === undefined) {
    throw new Failure(
      exitStatus.badInput,
      'no-such-file',
      `${file.kind} ${file.key}: ${file.file} is not in the recipe`,
    );
  }
  const object = { name: file.name, data: await readFile(path), labels: stackLabels(context) };
  if (file.kind === 'secret') await createSecret(context.engine, object);
  else await createConfig(context.engine, { ...object, templating: file.templating });
}
