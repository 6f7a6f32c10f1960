import { z } from 'zod';
import { cutText } from '../records/encode.ts';
import type { Engine } from '../swarm/engine.ts';
import { execInContainer } from '../swarm/exec.ts';
import { serviceContainers } from '../swarm/tasks.ts';
import { type Refusal, refuse } from './route.ts';
import type { FoundService } from './service.ts';

/** Longest output of each kind in an answer, in bytes. */
const longestOutput = 1024 * 1024;
const usualTimeoutMs = 30_000;

const orderSchema = z.strictObject({
  argv: z.array(z.string()).min(1).max(1_000),
  /** User in the container; without it that of the image. */
  user: z
    .string()
    .regex(/^[\w.-]+(:[\w.-]+)?$/)
    .optional(),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()).default({}),
  timeoutMs: z.int().positive().default(usualTimeoutMs),
});
export type ExecOrder = z.infer<typeof orderSchema>;

/** Reads the body of an exec: `{argv, user, env, timeoutMs}`. Pure. */
export function parseOrder(body: string, longestMs: number): ExecOrder | Refusal {
  const given = parseJson(body);
  const parsed = orderSchema.safeParse(given);
  if (parsed.success) return { ...parsed.data, timeoutMs: Math.min(parsed.data.timeoutMs, longestMs) };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the body';
  return refuse(400, `${where}: ${issue?.message ?? 'expected {"argv": ["command", "argument"]}'}`);
}

/** Runs a command in the newest container of a service that is up. */
export async function execInService(
  engine: Engine,
  { stack, name }: FoundService,
  order: ExecOrder,
  signal: AbortSignal,
): Promise<Record<string, unknown> | Refusal> {
  const [newest] = await serviceContainers(engine, stack, name);
  if (newest === undefined) return refuse(409, `no task of ${name} runs, so nothing can be run in it`);
  const { timeoutMs, env, user } = order;
  const result = await execInContainer(engine, newest.container, order.argv, {
    timeoutMs,
    signal,
    env,
    ...(user === undefined ? {} : { user }),
  });
  const [stdout, stderr] = [result.stdout, result.stderr].map((text) => cutText(text, longestOutput));
  return {
    exitCode: result.exitCode,
    stdout: stdout?.text ?? '',
    stderr: stderr?.text ?? '',
    timedOut: result.isTimedOut,
    /** Bytes that were left out. */
    cut: (stdout?.cut ?? 0) + (stderr?.cut ?? 0),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
