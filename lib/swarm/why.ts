import { constants } from 'node:os';
import { clean } from './clean.ts';
import type { Evidence } from './evidence.ts';
import { takenPort } from './ports.ts';
import type { EngineTask } from './shapes.ts';

/** What ended a task, the last line of its log or healthcheck with it: `exit 1: "cannot open database"`. Pure. */
export function whyEnded(task: EngineTask | undefined, evidence: Evidence): string {
  if (task === undefined) return 'the engine does not say why';
  if (isOutOfMemory(task, evidence)) return `${outOfMemory(evidence)}${memoryLimit(task)}`;
  if (isUnhealthy(task))
    return `its healthcheck failed${quoted(evidence.healthOutput ?? evidence.lastLogLine)}`;
  const port = takenPort(task)?.port;
  if (port !== undefined) return `could not start: port ${port} of the machine is taken`;
  const start = /^starting container failed: (.*)$/s.exec(task.Status.Err ?? '')?.[1];
  if (start !== undefined)
    return `could not start: ${clean(start.replace(/^.*unable to start container process: /s, ''), 300)}`;
  const code = task.Status.ContainerStatus?.ExitCode ?? 0;
  if (code !== 0 || task.Status.State === 'complete')
    return `exit ${code}${signalName(code)}${quoted(evidence.lastLogLine)}`;
  const told = evidence.image?.message;
  return clean(told ? `${errorOf(task)}; ${told}` : errorOf(task), 400);
}

/** The engine's own words about a task. */
export function errorOf(task: EngineTask | undefined): string {
  return clean(task?.Status.Err || task?.Status.Message || 'the engine does not say why', 400);
}

/** Whether the engine killed it because its healthcheck failed. */
export function isUnhealthy(task: EngineTask): boolean {
  return /unhealthy container/.test(task.Status.Err ?? '');
}

/**
 * Whether memory ran out. Of about one kill in thirty the kernel's word does not reach the engine (measured, 20.10,
 * cgroup v1): a SIGKILL that neither a healthcheck nor Swarm sent, within a limit of memory, is taken for one too.
 */
export function isOutOfMemory(task: EngineTask, evidence: Evidence): boolean {
  if (evidence.isOutOfMemory) return true;
  return task.Status.ContainerStatus?.ExitCode === 137 && !isUnhealthy(task) && memoryLimit(task) !== '';
}

/** Whether a task was refused because of something that it needs and that is not there. */
export function isObjectMissing(task: EngineTask): boolean {
  return (
    task.Status.State === 'rejected' &&
    /not found|does not exist|no such|unable to get (?:config|secret) from/i.test(task.Status.Err ?? '')
  );
}

export function quoted(line: string | null): string {
  return line === null ? '' : `: "${clean(line, 300)}"`;
}

function outOfMemory(evidence: Evidence): string {
  return evidence.isOutOfMemory ? 'out of memory' : 'killed, most likely out of memory';
}

function memoryLimit(task: EngineTask): string {
  const bytes = task.Spec.Resources?.Limits?.MemoryBytes;
  return bytes ? ` (limit ${Math.round(bytes / 1024 / 1024)} MB)` : '';
}

/** A shell's way to tell that a signal ended the process: 128 and its number. */
function signalName(code: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return name === undefined ? '' : `, ${name}`;
}
