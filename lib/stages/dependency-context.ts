import type { Dependency } from '../plan/dependency.ts';
import { runDomain, stackName } from '../recipe/names.ts';
import { sharedRun } from '../runs/shared.ts';
import { emptyScratch, type RunContext } from './context.ts';

/** Whether a recipe that is needed stays up between runs. */
export function isShared(context: Pick<RunContext, 'settings'>, name: string): boolean {
  return context.settings.shared.includes(name);
}

/**
 * Domain of a recipe that is needed: made from the run's id, or, of one that stays up, the same for all runs of this
 * state directory.
 */
export function dependencyDomain(
  context: Pick<RunContext, 'settings' | 'owner'> & {
    readonly directory: Pick<RunContext['directory'], 'id'>;
    readonly sources: Pick<RunContext['sources'], 'baseDomain'>;
  },
  name: string,
): string {
  const { directory, owner, sources } = context;
  const run = isShared(context, name) ? `${sharedRun(name)}\n${owner}` : `${directory.id}\n${name}`;
  return runDomain({ recipe: name, run, base: sources.baseDomain });
}

/** The run's context for a recipe that it needs: another deployment, whose checks are told as its own. */
export function dependencyContext(context: RunContext, dependency: Dependency): RunContext {
  const { name, ref, version, discovery } = dependency;
  const domain = dependencyDomain(context, name);
  const stack = stackName(domain);
  const { recorder, directory } = context;
  return {
    ...context,
    trigger: { ...context.trigger, recipe: name, ref },
    discovery: {
      ...discovery,
      base: null,
      target: null,
      repositoryFolder: null,
      plan: {
        ...context.discovery.plan,
        recipe: name,
        ref,
        version,
        base: null,
        tests: [],
        ...discovery.plan,
      },
    },
    settings: discovery.settings,
    domain,
    stack,
    network: `${stack}_run`,
    directory: isShared(context, name) ? { ...directory, id: sharedRun(name) } : directory,
    recorder: {
      ...recorder,
      // The commit of a row is the one under test; this is another recipe.
      setOn: () => {},
      test: (test) => recorder.test({ ...test, name: `${name}: ${test.name}` }),
      say: (tool, line) => recorder.say(`${name} ${tool}`, line),
    },
    scratch: { ...emptyScratch(), images: context.scratch.images },
  };
}
