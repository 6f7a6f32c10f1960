import { visible } from '../program/visible.ts';
import { byCodeUnit, type Stack, services } from './compose.ts';
import { type Finding, isExtension, type PolicyContext, show, unknownKeys } from './policy-finding.ts';
import { judgeConfigOrSecret, judgeNetwork, judgeVolume } from './policy-objects.ts';
import { judgeService } from './policy-service.ts';

export type PolicyOptions = PolicyContext & {
  /**
   * Paths that the operator's `recipe.yml` allows; `*` stands for any service: `service.*.ports`. They are written as
   * refusals have them: `${STACK_NAME}` and `${DOMAIN}` for the run's, `./` for the checkout.
   */
  readonly allow: readonly string[];
  /** Where a path stands in the recipe's files. */
  readonly sourceOf?: (path: string) => { readonly file: string; readonly line: number } | null;
};

export type Refusal = {
  /** `service.app.cap_add`. */
  readonly path: string;
  /** The refused value, in one line. */
  readonly value: string;
  /** Why, in words. */
  readonly rule: string;
  readonly message: string;
  /** The line for the operator's `recipe.yml` that lets it pass. */
  readonly allowLine: string;
};

/**
 * What a rendered stack asks for that is not on the list of the harmless, in order of paths; empty is good.
 *
 * An allow list of keys at each level (security.md, "compose of a hostile recipe"): an unknown key is refused.
 * Judge what `docker stack config` printed, before `prepareForRun`, and deploy exactly that.
 */
export function judgePolicy(stack: Stack, options: PolicyOptions): Refusal[] {
  return [...findings(stack, options)]
    .filter(({ path }) => {
      const lasting = lastingPath(path, options);
      return !options.allow.some((allowed) => isAllowed(allowed, path) || isAllowed(allowed, lasting));
    })
    .sort((a, b) => byCodeUnit(a.path, b.path) || byCodeUnit(a.rule, b.rule))
    .map((finding) => refuse(finding, options));
}

const topKeys = ['version', 'services', 'volumes', 'networks', 'configs', 'secrets'];

/** The most services of a stack; the largest recipes have half of it. */
const mostServices = 50;

function* findings(stack: Stack, context: PolicyContext): Generator<Finding> {
  yield* unknownKeys('stack', stack, topKeys);
  const count = services(stack).length;
  if (count > mostServices) {
    yield { path: 'stack.services', value: `${count} services`, rule: `more than ${mostServices} services` };
  }
  for (const [name, service] of services(stack)) yield* judgeService(name, service, context);
  for (const [key, volume] of entries(stack.volumes)) yield* judgeVolume(key, volume ?? {}, context);
  for (const [key, network] of entries(stack.networks)) yield* judgeNetwork(key, network ?? {}, context);
  for (const [key, config] of entries(stack.configs)) {
    yield* judgeConfigOrSecret(`config.${key}`, config ?? {}, context);
  }
  for (const [key, secret] of entries(stack.secrets)) {
    yield* judgeConfigOrSecret(`secret.${key}`, secret ?? {}, context);
  }
}

function entries<T>(objects: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(objects ?? {}).filter(([key]) => !isExtension(key));
}

function isAllowed(allowed: string, path: string): boolean {
  if (allowed === path) return true;
  return allowed.startsWith('service.*.') && path.replace(/^service\.[^.]+\./, 'service.*.') === allowed;
}

/** A path as it is in every run: a line that an operator writes must not hold the name of one. */
function lastingPath(path: string, { stackName, domain, folders }: PolicyContext): string {
  const name = (text: string) =>
    new RegExp(`(?<![A-Za-z0-9])${text.replaceAll(/[^A-Za-z0-9_-]/g, '\\$&')}(?![A-Za-z0-9])`, 'g');
  const [checkout] = folders ?? [];
  const here = checkout === undefined ? path : path.replaceAll(`${checkout.replace(/\/+$/, '')}/`, './');
  const stacked = here.replaceAll(name(stackName), () => '${STACK_NAME}');
  return domain === undefined ? stacked : stacked.replaceAll(name(domain), () => '${DOMAIN}');
}

function refuse({ path, value, rule }: Finding, options: PolicyOptions): Refusal {
  const source = options.sourceOf?.(path) ?? null;
  const lasting = lastingPath(path, options);
  const where = source === null ? '' : `${source.file}:${source.line}: `;
  const shown = show(value);
  const allowLine = `allow: [${JSON.stringify(lasting)}]`;
  return {
    path,
    value: shown,
    rule,
    message: `${where}${visible(lasting)}: ${shown}: ${rule}; the operator can permit it in recipe.yml: ${allowLine}`,
    allowLine,
  };
}
