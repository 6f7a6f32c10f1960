import { z } from 'zod';
import type { GivenText } from '../testing/run-inside.ts';
import type { DeployedDependency, RunContext } from './context.ts';
import { callHook, type HookOutcome } from './run-hook.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);
const credentialsSchema = z.record(
  z.string().regex(/^[A-Za-z_][\w-]*$/),
  value.transform((one) => String(one)),
);

/** A dependency's hook `revoke` may take so long when a run is over, ms. */
const revokeMs = 60_000;

/**
 * Asks a dependency for what the app needs to use it: its hook `provide` prints a JSON object of texts. They are masked
 * before anything of its output is recorded. A text is why there are none.
 */
export async function provide(context: RunContext, dependency: DeployedDependency): Promise<string | null> {
  dependency.isAsked = true;
  const hook = await callHook(dependency.context, 'provide', 'needs', {
    args: [context.trigger.recipe],
    env: whoAsks(context),
    given: [secretsFile(dependency.context)],
    beforeOutput: (stdout) => maskAll(context, stdout),
  });
  if (!hook.ok) return hook.summary;
  if (hook.stdout.trim() === '') return null;
  const credentials = readCredentials(hook.stdout);
  if (credentials === null) return 'hook provide printed no JSON object of texts, one for each credential';
  dependency.credentials = credentials;
  return null;
}

/** Takes back what was provided, also of a run that has ended; null, or why that did not go well. */
export async function revoke(context: RunContext, dependency: DeployedDependency): Promise<string | null> {
  if (!dependency.isAsked) return null;
  const own = { ...dependency.context, signal: new AbortController().signal };
  const credentials = JSON.stringify(dependency.credentials);
  const hook: HookOutcome = await callHook(own, 'revoke', 'teardown', {
    args: [context.trigger.recipe],
    env: whoAsks(context),
    given: [
      secretsFile(own),
      { variables: ['CCCI_CREDENTIALS_FILE'], name: 'credentials.json', content: credentials },
    ],
    timeoutMs: revokeMs,
  });
  return hook.ok ? null : hook.summary;
}

/** What a hook `provide` printed; null where it is no object of texts, numbers or truth values. Pure. */
export function readCredentials(stdout: string): Record<string, string> | null {
  try {
    return credentialsSchema.safeParse(JSON.parse(stdout)).data ?? null;
  } catch {
    return null;
  }
}

/** The recipe under test, to the hooks of another one. */
function whoAsks(context: RunContext): Record<string, string> {
  return {
    CCCI_FOR_RECIPE: context.trigger.recipe,
    CCCI_FOR_RUN: context.directory.id,
    CCCI_FOR_DOMAIN: context.domain,
    CCCI_FOR_URL: `https://${context.domain}`,
  };
}

/** The secrets that were made for a deployment, by their names on the swarm without the stack's. */
function secretsFile({ scratch, stack }: RunContext): GivenText {
  const named = [...scratch.secrets].map(([name, secret]) => [name.slice(stack.length + 1), secret]);
  const content = JSON.stringify(Object.fromEntries(named));
  return { variables: ['CCCI_SECRETS_FILE'], name: 'secrets.json', content };
}

/** What cannot be read as credentials may hold some all the same. */
function maskAll({ masker }: RunContext, stdout: string): void {
  const credentials = readCredentials(stdout);
  for (const secret of credentials === null ? stdout.split('\n') : Object.values(credentials))
    masker.add(secret);
}
