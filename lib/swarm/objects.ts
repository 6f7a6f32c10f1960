import { exitStatus, Failure } from '../program/failure.ts';
import { type Engine, EngineError } from './engine.ts';
import { filters } from './shapes.ts';

export type NetworkSpec = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/** Creates an attachable overlay network; one of that name with the same labels is taken as it is. Returns its id. */
export async function createNetwork(engine: Engine, { name, labels, signal }: NetworkSpec): Promise<string> {
  const body = { Name: name, Driver: 'overlay', Attachable: true, CheckDuplicate: true, Labels: labels };
  try {
    return (await engine.json<{ Id: string }>('POST', '/networks/create', body, { signal })).Id;
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  const found = await engine.json<{ Id: string; Labels?: Record<string, string> }>(
    'GET',
    `/networks/${encodeURIComponent(name)}`,
  );
  const isOurs = Object.entries(labels).every(([key, value]) => found.Labels?.[key] === value);
  if (isOurs) return found.Id;
  throw new Failure(
    exitStatus.unavailable,
    'network-taken',
    `the network ${name} exists already and belongs to something else`,
  );
}

export type StoredObject = {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly labels: Readonly<Record<string, string>>;
  /** The engine's template driver (`golang`) fills the content in for each task. */
  readonly templating?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Creates a secret; one of that name with the same content is taken. Returns its id. See `createConfig` for the failures. */
export function createSecret(engine: Engine, object: StoredObject): Promise<string> {
  return createStored(engine, { ...object, kind: 'secret', limitBytes: 512_000 });
}

/**
 * Creates a config; one of that name with the same content is taken. Returns its id.
 * `Failure`s (65): `config-changed` when there is one with other content (a config changed without raising its
 * version), `object-too-large`, `object-refused` in the engine's words (a name over 64 characters).
 */
export function createConfig(engine: Engine, object: StoredObject): Promise<string> {
  return createStored(engine, { ...object, kind: 'config', limitBytes: 1_000 * 1024 });
}

type Stored = StoredObject & { readonly kind: 'secret' | 'config'; readonly limitBytes: number };

async function createStored(engine: Engine, object: Stored): Promise<string> {
  const { kind, name, labels, templating, limitBytes, signal } = object;
  const data = Buffer.from(object.data);
  if (data.length >= limitBytes) {
    throw new Failure(
      exitStatus.badInput,
      'object-too-large',
      `the ${kind} ${name} has ${data.length} bytes, allowed are fewer than ${limitBytes}`,
    );
  }
  const spec = {
    Name: name,
    Labels: labels,
    Data: data.toString('base64'),
    ...(templating ? { Templating: { Name: templating } } : {}),
  };
  try {
    return (await engine.json<{ ID: string }>('POST', `/${kind}s/create`, spec, { signal })).ID;
  } catch (error) {
    if (isConflict(error)) return takeSame(engine, object, spec);
    if (error instanceof EngineError && error.httpStatus >= 400 && error.httpStatus < 500) {
      throw new Failure(
        exitStatus.badInput,
        'object-refused',
        `the ${kind} ${name} was refused: ${error.words}`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** A secret cannot be read back, but an update that changes anything but labels is refused: that compares for us. */
async function takeSame(engine: Engine, { kind, name }: Stored, spec: object): Promise<string> {
  const query = filters({ name: [name] });
  const all = await engine.json<{ ID: string; Version: { Index: number }; Spec: { Name: string } }[]>(
    'GET',
    `/${kind}s?${query}`,
  );
  const found = all.find((one) => one.Spec.Name === name);
  if (found === undefined)
    throw new Failure(
      exitStatus.unavailable,
      'object-vanished',
      `the ${kind} ${name} vanished while it was looked at`,
    );
  try {
    await engine.json('POST', `/${kind}s/${found.ID}/update?version=${found.Version.Index}`, spec);
    return found.ID;
  } catch (error) {
    if (!(error instanceof EngineError) || !/only updates to Labels/i.test(error.words)) throw error;
    throw new Failure(
      exitStatus.badInput,
      'config-changed',
      `the ${kind} ${name} exists already with other content`,
      {
        cause: error,
        hint: `Raise the version of the ${kind} (in abra.sh or .env): Swarm never changes one in place.`,
      },
    );
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof EngineError && (error.httpStatus === 409 || /already exists/i.test(error.words));
}
