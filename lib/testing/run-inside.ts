import { readFile, stat } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { type ChildEnding, runChild } from './child.ts';
import { chromiumPolicy, policyInside } from './chromium-policy.ts';
import { findHelpers, type Helpers, modulesInside, pythonInside } from './helpers.ts';
import { noNetlink } from './no-netlink.ts';
import { findSandboxPrograms } from './programs.ts';
import { type GivenFile, nodeInside, sandboxArguments } from './sandbox.ts';
import { listSystem } from './system.ts';

export type Host = { readonly name: string; readonly address: string };

export type InsideOptions = {
  /** As seen inside: the tree is `/tests`. */
  readonly command: readonly string[];
  /** Absolute folder, shown read-only. */
  readonly tree: string;
  /** The whole environment besides `PATH`, `HOME` and what belongs to the sandbox. */
  readonly env: Readonly<Record<string, string>>;
  readonly hosts: readonly Host[];
  /** Certificate authority that everything inside trusts. */
  readonly caFile?: string;
  /** JSON with what earlier stages saw, shown as a copy: `CCCI_STAGE_STATE`. */
  readonly stateFile?: string;
  /** Further files that exist only inside, each with the variables that say where. */
  readonly given?: readonly GivenText[];
  /** The engine's socket, for hooks of the operator's that ask for it (`hooks.engine`). */
  readonly engine?: EngineAccess;
  /** The run's socket for exec, logs and inspect: `CCCI_APP_SOCKET`. */
  readonly appSocket?: string;
  /** Folders of a language's own that are needed to start. */
  readonly folders?: readonly string[];
  readonly stdin?: string;
  /** What each process may hold in memory; as much as a test may unless told. */
  readonly memoryBytes?: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
};

export type GivenText = {
  readonly variables: readonly string[];
  /** File name below `/etc/ccci`. */
  readonly name: string;
  readonly content: string;
};

export type EngineAccess = {
  /** `DOCKER_HOST` as this program has it. */
  readonly host: string;
  /** Path of its socket; null where it is no socket. */
  readonly socket: string | null;
};

/** Descriptor on which a command may hand a report out. */
export const reportFd = 3;
const statusFd = 4;
const caInside = '/etc/ccci/ca.pem';
const stateInside = '/etc/ccci/stage-state.json';
const engineInside = '/run/ccci/docker.sock';
const socketInside = '/run/ccci/app.sock';

/**
 * Runs a command in the sandbox and waits for its end, at most `timeoutMs` and a grace. Any end of the command is a
 * result; a sandbox that cannot be made is a `Failure` `no-sandbox`.
 */
export async function runInside(options: InsideOptions): Promise<ChildEnding> {
  const isRoot = process.getuid?.() === 0;
  const [programs, system, helpers, files] = await Promise.all([
    findSandboxPrograms(isRoot),
    listSystem(),
    findHelpers(),
    givenFiles(options),
  ]);
  if (programs.setpriv !== null) await checkReadable(options.tree);
  const shown = shownFiles(options, helpers);
  const socket = options.engine?.socket ?? null;
  const groups = socket === null ? [] : [(await stat(socket)).gid];
  const { tree, memoryBytes } = options;
  const view = { programs, tree, system, shown, files, memoryBytes, groups, statusFd };
  const ending = await runChild({
    file: programs.bwrap,
    args: [...sandboxArguments(view), ...options.command],
    env: environment(options, helpers),
    stdin: options.stdin ?? '',
    reportFd,
    statusFd,
    inputs: [...files.map(({ content }) => content), noNetlink()],
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onLine: options.onLine,
  });
  if (!ending.started && !ending.timedOut && !ending.overflowed && !ending.cancelled)
    throw noSandbox(ending.output);
  return ending;
}

/** As root the test is somebody else, for whom the rights of others count. */
async function checkReadable(tree: string): Promise<void> {
  const { mode } = await stat(tree);
  if ((mode & 0o005) === 0o005) return;
  const message = `tests and hooks cannot run: they run as another user, who may not read ${tree}`;
  throw new Failure(exitStatus.unavailable, 'no-sandbox', message, { hint: `chmod -R o+rX ${tree}` });
}

function shownFiles({ folders = [], appSocket, engine }: InsideOptions, helpers: Helpers | null) {
  const own = folders.map((folder) => ({ from: folder, to: folder }));
  const socket = engine?.socket ?? null;
  return [
    { from: process.execPath, to: nodeInside },
    ...own,
    ...(helpers === null
      ? []
      : [
          { from: helpers.modules, to: modulesInside },
          { from: helpers.python, to: pythonInside },
        ]),
    ...(appSocket === undefined ? [] : [{ from: appSocket, to: socketInside }]),
    ...(socket === null ? [] : [{ from: socket, to: engineInside }]),
  ];
}

async function givenFiles({
  hosts,
  caFile,
  stateFile,
  given: texts = [],
}: InsideOptions): Promise<GivenFile[]> {
  const names = [
    '127.0.0.1 localhost',
    '::1 localhost',
    ...hosts.map(({ name, address }) => `${address} ${name}`),
  ];
  const given: GivenFile[] = [
    { path: '/etc/hosts', content: `${names.join('\n')}\n` },
    { path: '/etc/nsswitch.conf', content: 'passwd: files\ngroup: files\nhosts: files\n' },
    { path: '/etc/passwd', content: 'nobody:x:65534:65534:nobody:/tmp:/bin/sh\n' },
    { path: '/etc/group', content: 'nogroup:x:65534:\n' },
  ];
  const authority = caFile === undefined ? null : await readFile(caFile, 'utf8');
  given.push({ path: policyInside, content: chromiumPolicy(authority) });
  if (authority !== null) given.push({ path: caInside, content: authority });
  if (stateFile !== undefined) given.push({ path: stateInside, content: await readFile(stateFile, 'utf8') });
  return [...given, ...texts.map(({ name, content }) => ({ path: insidePath(name), content }))];
}

function insidePath(name: string): string {
  return `/etc/ccci/${name}`;
}

/** What decides how a program is loaded is ours, never the recipe's. */
function environment(options: InsideOptions, helpers: Helpers | null): Record<string, string> {
  const { env, caFile, stateFile, appSocket, folders, given = [], engine } = options;
  const own = Object.entries(env).filter(
    ([name]) => !/^(LD_|PATH$|HOME$|TMPDIR$|NODE_OPTIONS$|PYTHONPATH$|BASH_ENV$|ENV$)/.test(name),
  );
  const trust = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];
  const state = ['CCCI_STAGE_STATE', 'CCCI_OP_STATE_FILE'];
  const store = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/nix/store/'));
  const path = [
    '/opt/ccci/bin',
    ...(folders ?? []).map((folder) => `${folder}/bin`),
    ...store,
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ];
  return {
    ...Object.fromEntries(own),
    ...(caFile === undefined ? {} : Object.fromEntries(trust.map((name) => [name, caInside]))),
    ...(stateFile === undefined ? {} : Object.fromEntries(state.map((name) => [name, stateInside]))),
    ...Object.fromEntries(
      given.flatMap(({ variables, name }) => variables.map((variable) => [variable, insidePath(name)])),
    ),
    ...(engine === undefined
      ? {}
      : { DOCKER_HOST: engine.socket === null ? engine.host : `unix://${engineInside}` }),
    ...(appSocket === undefined ? {} : { CCCI_APP_SOCKET: socketInside }),
    ...(helpers === null ? {} : { PYTHONPATH: pythonInside }),
    PATH: path.join(delimiter),
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

function noSandbox(output: string): Failure {
  const words = output.trim().split('\n').at(-1) ?? '';
  const message = `tests and hooks cannot run: the sandbox cannot be made: ${words}`;
  return new Failure(exitStatus.unavailable, 'no-sandbox', message, {
    hint: 'bubblewrap needs root, or user namespaces for ordinary users',
  });
}
