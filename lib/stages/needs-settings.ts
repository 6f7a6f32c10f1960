import { fillNeeds, needsVariables, unknownNeeds } from '../recipe/needs-env.ts';
import type { RunContext } from './context.ts';
import { dependencyDomain } from './dependency-context.ts';
import { judgeSides, type Sides } from './policy.ts';
import { appUrl } from './reach.ts';
import type { StageOutcome } from './recorder.ts';

/** What the addresses of recipes that are needed depend on. */
type NeedsContext = Pick<RunContext, 'settings' | 'owner'> & {
  readonly directory: Pick<RunContext['directory'], 'id'>;
  readonly sources: Pick<RunContext['sources'], 'baseDomain'>;
  readonly scratch: Pick<RunContext['scratch'], 'dependencies'>;
};

/**
 * The context with settings in which every `${NEEDS_…}` has its value. Before the dependencies are deployed only their
 * addresses are known, and what they will provide is empty: enough to be rendered and judged.
 */
export function withNeeds<Context extends NeedsContext>(context: Context): Context {
  const { settings } = context;
  if (settings.needs.length === 0) return context;
  const values = valuesOf(context);
  const upgrade = { ...settings.upgrade, env: fillNeeds(settings.upgrade.env, values) };
  return { ...context, settings: { ...settings, env: fillNeeds(settings.env, values), upgrade } };
}

/**
 * Renders and judges both sides again once all credentials are known, if the app's environment uses any: what is
 * deployed is what was judged. Null when all is well; a variable that nobody provides is a mistake in `recipe.yml`.
 */
export async function judgeWithNeeds(
  before: RunContext,
  context: RunContext,
  sides: Sides,
): Promise<StageOutcome | null> {
  const { env, upgrade } = before.settings;
  const unknown = [env, upgrade.env].flatMap((one) => unknownNeeds(one, valuesOf(before)));
  if (unknown.length > 0) {
    const summary = `recipe.yml: env uses ${[...new Set(unknown)].join(', ')}, which no recipe in needs provides`;
    before.scratch.missingNeed = summary;
    return { status: 'unver', summary, on: null };
  }
  if (JSON.stringify(env) === JSON.stringify(context.settings.env)) return null;
  const outcome = await judgeSides(context, sides);
  if (outcome.status === 'pass') return null;
  before.scratch.missingNeed = outcome.summary ?? 'the stack cannot be rendered with what they provide';
  return { ...outcome, on: null };
}

function valuesOf(context: NeedsContext): Record<string, string> {
  const { needs } = context.settings;
  const all = needs.map((name) => {
    const found = context.scratch.dependencies.find((one) => one.name === name);
    const domain = dependencyDomain(context, name);
    const { version = '', credentials = {} } = found ?? {};
    return needsVariables({ name, domain, url: appUrl(domain), version, credentials });
  });
  return Object.assign({}, ...all) as Record<string, string>;
}
