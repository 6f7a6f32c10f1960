import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceBefore } from '@ccci/lib/swarm/deploy.ts';
import type { Sight } from '@ccci/lib/swarm/service-view.ts';
import type {
  EngineNode,
  EngineService,
  EngineTask,
  ServiceSpec,
  UpdateStatus,
} from '@ccci/lib/swarm/shapes.ts';

/** One recorded `service update` of two replicas with a monitor of 3 s, as sights in the order in which they were seen. */
export type Recording = {
  readonly name: string;
  readonly startedAt: number;
  readonly before: Readonly<Record<string, ServiceBefore>>;
  readonly sights: readonly Sight[];
};

export const node: EngineNode = {
  ID: 'n1',
  Spec: { Availability: 'active', Role: 'manager' },
  Status: { State: 'ready' },
};

const base = Date.parse('2026-11-23T00:00:00Z');
const serviceId = 's1';

/** Reads a recording of the engine: lines of `UpdateStatus` and of tasks, with seconds since the call. */
export function readRecordings(file: string): Recording[] {
  const text = readFileSync(join(import.meta.dirname, 'recordings', file), 'utf8');
  return text
    .split(/^##### /m)
    .slice(1)
    .flatMap((part) => {
      const group = part.split(' ')[0]!;
      return part
        .split(/^--- update /m)
        .slice(1)
        .map((update) => readUpdate(group, update));
    });
}

function readUpdate(group: string, text: string): Recording {
  const [title = '', ...lines] = text.split('\n');
  const tasks = new Map<string, EngineTask>();
  let status: UpdateStatus | null = null;
  let image = /--image (\S+)/.exec(title)?.[1] ?? '';
  // Until its first state the update had not reached the engine (L31).
  const hasUpdate = text.includes('UpdateStatus');
  const action =
    /--update-failure-action (\w+)/.exec(title)?.[1] ?? /continue|rollback/.exec(title)?.[0] ?? 'pause';
  // A forced, unhealthy or unplaceable update keeps the image: its spec differs otherwise, which a mark stands for.
  const mark = /--force|--health-cmd|--args|--constraint/.test(title) ? ' changed' : '';
  const isRolledBack = () => /^rollback/.test(status?.State ?? '');
  const spec = (of: string): ServiceSpec => ({
    Name: 'st_app',
    TaskTemplate: { ContainerSpec: { Image: of }, Runtime: 'container' },
    Mode: { Replicated: { Replicas: 2 } },
    UpdateConfig: { Monitor: 3e9, FailureAction: action },
  });
  const sights: Sight[] = [];
  let at = 0;
  const look = () => {
    const sent = `${image}${isRolledBack() || status === null ? '' : mark}`;
    const service: EngineService = {
      ID: serviceId,
      Version: { Index: hasUpdate && status === null ? 1 : 2 },
      Spec: spec(sent),
      UpdateStatus: status,
    };
    sights.push({
      now: base + at * 1000,
      services: [service],
      tasks: [...tasks.values()],
      nodes: [node],
      imageHealth: {},
    });
  };
  for (const line of lines) {
    const seconds = Number(/^\s*([\d.]+) /.exec(line)?.[1] ?? Number.NaN);
    if (Number.isNaN(seconds)) continue;
    // What was seen within 20 ms was one look.
    if (seconds - at > 0.02) look();
    at = seconds;
    const update = /UpdateStatus (\{.*?\}) v=\d+ image=(\S+)/.exec(line);
    if (update) {
      status = { ...(JSON.parse(update[1]!) as UpdateStatus), StartedAt: new Date(base + 10).toISOString() };
      image = update[2]!;
    }
    const task = /task (\d)\.(\w+) (\S+) (\w+)\/(\w+)(?: err="(.*)")?/.exec(line);
    if (task) {
      const [, slot, id, its, desired, state, error] = task as unknown as string[];
      const isOld = tasks.has(id!)
        ? !tasks.get(id!)!.Spec.ContainerSpec!.Image.endsWith(' changed')
        : state === 'running' || state === 'shutdown' || isRolledBack();
      if (image === '') image = its!;
      const known = tasks.get(id!);
      const wasThere = known === undefined && (state === 'running' || state === 'shutdown');
      const now = new Date(base + (wasThere ? -60 : seconds) * 1000).toISOString();
      const since = known !== undefined && known.Status.State === state ? known.Status.Timestamp : now;
      tasks.set(id!, {
        ID: id!,
        ServiceID: serviceId,
        Slot: Number(slot),
        NodeID: 'n1',
        Spec: { ContainerSpec: { Image: `${its}${isOld ? '' : mark}` } },
        DesiredState: desired!,
        CreatedAt: tasks.get(id!)?.CreatedAt ?? since,
        Status: {
          State: state!,
          Timestamp: since,
          ...(error
            ? { Err: error, ContainerStatus: { ExitCode: Number(/exit \((\d+)\)/.exec(error)?.[1] ?? 0) } }
            : {}),
        },
      });
    }
  }
  look();
  // States were seen a little after they came; time to hold counts from then.
  at += 0.2;
  look();
  const before = { app: { version: 1, spec: spec('web:1'), updateStartedAt: null } };
  return { name: `${group}: ${title.split(':')[0]}`, startedAt: base, before, sights };
}
