import type { Engine } from '../swarm/engine.ts';
import { execInService, parseOrder } from './exec-in-service.ts';
import { describeService, inspectService } from './inspect.ts';
import { isRefusal, type Refusal, type Route } from './route.ts';
import { type AppStacks, findService, servicesOf, stackOf } from './service.ts';
import { logsOfService } from './service-logs.ts';

export type AnswerOptions = {
  readonly engine: Engine;
  readonly stacks: AppStacks;
  /** Masks secrets in all but the output of exec, which a test may need to log in. */
  readonly mask: (text: string) => string;
  /** Longest exec. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** Does what a request asks for and gives back what is answered, as plain data. */
export async function answerRoute(
  route: Route,
  body: string,
  { engine, stacks, mask, timeoutMs, signal }: AnswerOptions,
): Promise<object | Refusal> {
  const stack = stackOf(stacks, route.dep);
  if (typeof stack !== 'string') return stack;
  const found = await servicesOf(engine, stack, signal);
  if (route.kind === 'list') return { services: found.map(describeService) };
  const service = findService(found, route.service);
  if (isRefusal(service)) return service;
  if (route.kind === 'inspect') return maskAll(await inspectService(engine, service, signal), mask);
  if (route.kind === 'logs')
    return maskAll({ lines: await logsOfService(engine, service, route.tail, signal) }, mask);
  const order = parseOrder(body, timeoutMs);
  return isRefusal(order) ? order : await execInService(engine, service, order, signal);
}

function maskAll<T>(value: T, mask: (text: string) => string): T {
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map((one) => maskAll(one, mask)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskAll(one, mask)])) as T;
}
