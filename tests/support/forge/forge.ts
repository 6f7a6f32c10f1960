/**
 * A forge for tests: Gitea's API (1.25) and git over real HTTP on loopback, in memory, with repositories that are
 * real. Tests act on it and read it by the verbs of `Forge`; programs talk to `url`.
 */
import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type Misbehaviour, type Struck } from './faults.ts';
import { type Hooks, hooks } from './hooks.ts';
import { type People, people } from './people.ts';
import { type Projects, projects } from './projects.ts';
import { type Repositories, repositories } from './repositories.ts';
import { createForgeServer, type LoggedRequest } from './server.ts';
import { createStore, type Store } from './store.ts';
import { type Talk, talk } from './talk.ts';
import { createCheck, findSwagger } from './validate.ts';
import { type Wait, waitFor } from './wait.ts';

/**
 * `root`: where relative paths of repositories begin. `now`: the forge's clock in milliseconds (its `Date` header
 * too). `validate`: every answer is checked where Gitea's description is at hand; what is wrong is in `problems`.
 * `utcOffsetMinutes`: the zone that instants are written in, 0 for `Z`.
 */
export type ForgeOptions = {
  readonly root?: string;
  readonly port?: number;
  readonly now?: () => number;
  readonly validate?: boolean;
  readonly utcOffsetMinutes?: number;
};

/** A running forge. */
export type Forge = People &
  Repositories &
  Projects &
  Talk &
  Hooks & {
    /** `http://127.0.0.1:PORT`, without a slash at the end. */
    readonly url: string;
    /** All requests in the order they came, git's too. */
    readonly requests: readonly LoggedRequest[];
    readonly clearRequests: () => void;
    /** Defects of the forge itself: answers that Gitea would not give, and errors. Must stay empty. */
    readonly problems: readonly string[];
    readonly misbehave: (rule: Misbehaviour) => Struck;
    /** `change` after every write and answer, `comment` with `{issue, entry}` for every new comment. */
    readonly events: EventEmitter;
    readonly waitFor: <T>(look: () => T, wait: Wait) => Promise<NonNullable<T>>;
    /** Ends everything at once: connections, git, the server. */
    readonly close: () => Promise<void>;
  };

/** Starts a forge on 127.0.0.1, on a free port unless one is named. */
export async function startForge(options: ForgeOptions = {}): Promise<Forge> {
  const { root = process.cwd(), port = 0, now = Date.now, validate = false, utcOffsetMinutes = 0 } = options;
  const store = createStore(now, utcOffsetMinutes);
  const requests: LoggedRequest[] = [];
  const problems: string[] = [];
  const faults = createFaults();
  const swagger = validate ? findSwagger() : null;
  const check = swagger === null ? null : createCheck(swagger);
  const server = createForgeServer({ store, faults, requests, now, check, problems });
  store.url = await listen(server, port);
  return {
    ...people(store),
    ...repositories(store, root),
    ...projects(store),
    ...talk(store),
    ...hooks(store),
    ...observed(store),
    url: store.url,
    requests,
    clearRequests: () => void requests.splice(0),
    problems,
    misbehave: faults.add,
    close: () => close(server),
  };
}

function observed(store: Store): Pick<Forge, 'events' | 'waitFor'> {
  return {
    events: store.events,
    waitFor: async (look, wait) => (await waitFor(store, look, wait))!,
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
