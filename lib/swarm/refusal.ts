import { clean } from './clean.ts';
import { shortName } from './shapes.ts';
import type { Explanation } from './words.ts';

/** Why the engine or its client did not take a stack at all; `service` is empty where they do not say. */
export type Refusal = Explanation & { readonly service: string };

/** Puts the words in which `docker stack deploy` refuses a stack in ours; words that are not known stay. Pure. */
export function readRefusal(stack: string, words: string): Refusal {
  return missingObject(stack, words) ?? takenIngressPort(stack, words) ?? unknown(words);
}

function missingObject(stack: string, words: string): Refusal | null {
  const object = /service (\S+): (config|secret) not found: (\S+)/.exec(words);
  if (object !== null) {
    const [, service = '', kind, name] = object;
    const short = shortName(stack, service);
    const summary = `${short} needs the ${kind} ${name}, which does not exist: the recipe calls it external, so an operator must make it, or the recipe must bring it along`;
    return { kind: 'object-missing', cause: 'recipe', service: short, summary };
  }
  const network = /network "([^"]+)" is declared as external, but could not be found/.exec(words)?.[1];
  if (network === undefined) return null;
  const summary = `the recipe needs the network ${network}, which does not exist: it calls it external, so an operator must make it`;
  return { kind: 'object-missing', cause: 'recipe', service: '', summary };
}

function takenIngressPort(stack: string, words: string): Refusal | null {
  const taken =
    /service (\S+):.* port '(\d+)' is already in use by service '([^']+)' \(\w+\) as (?:an ingress|a host)/s.exec(
      words,
    );
  if (taken === null) return null;
  const [, service = '', port, holder = ''] = taken;
  const [short, other] = [shortName(stack, service), shortName(stack, holder)];
  const isOwn = other !== holder;
  const summary = isOwn
    ? `${short} cannot have port ${port}: ${other} of the same recipe has it; let one of them publish another`
    : `${short} cannot have port ${port}: the service ${holder}, which is not of this deployment, has it`;
  return { kind: 'port-taken', cause: isOwn ? 'recipe' : 'infra', service: short, summary };
}

function unknown(words: string): Refusal {
  const summary = `Swarm does not take the stack: ${clean(words, 600)}`;
  return { kind: 'refused', cause: 'recipe', service: '', summary };
}
