import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';
import { type Reply, replies } from './replies.ts';
import { makeTaker, type TakeOptions } from './take.ts';

export type ServeOptions = TakeOptions & {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly health: () => Promise<Reply>;
  /** Ends the serving. */
  readonly stopping: AbortSignal;
  /** Gets the web address of the webhook. */
  readonly onListening: (address: string) => void;
};

type Route = {
  readonly methods: readonly string[];
  readonly answer: (request: IncomingMessage) => Promise<Reply | null>;
};

/** Connections at a time; those beyond it are closed at once. */
const connectionLimit = 512;

/**
 * Serves `POST /hook` and `GET /hook/healthz` until `stopping` aborts; then it takes no more, ends what is under way,
 * which the time limit of a delivery bounds, and returns. `Failure` 69 when it cannot listen.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { deliveryMs, stopping } = options;
  const underWay = new Set<Promise<void>>();
  const routes = makeRoutes(options);
  const server = createServer(limitsOf(deliveryMs), (request, response) => {
    const exchange = answer(request, response, routes, stopping);
    underWay.add(exchange);
    void exchange.finally(() => underWay.delete(exchange));
  });
  server.maxConnections = connectionLimit;
  options.onListening(`${await listen(server, options)}/hook`);
  await aborted(stopping);
  server.close();
  await Promise.all(underWay);
  server.closeAllConnections();
}

function makeRoutes({ health, ...taking }: ServeOptions): ReadonlyMap<string | undefined, Route> {
  return new Map([
    ['/hook', { methods: ['POST'], answer: makeTaker(taking) }],
    ['/hook/healthz', { methods: ['GET', 'HEAD'], answer: health }],
  ]);
}

/**
 * A client that sends its head slowly, or nothing at all, is let go by Node, which looks now and then. The body has
 * its own time limit; Node's comes behind it.
 */
function limitsOf(deliveryMs: number) {
  return {
    headersTimeout: deliveryMs,
    requestTimeout: 2 * deliveryMs,
    connectionsCheckingInterval: Math.ceil(deliveryMs / 4),
    keepAliveTimeout: 5_000,
  };
}

/** Resolves when the answer is with the operating system, or nobody waits for it any more. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: ReadonlyMap<string | undefined, Route>,
  stopping: AbortSignal,
): Promise<void> {
  for (const stream of [request, response]) stream.on('error', () => {});
  const route = routes.get(request.url?.split('?')[0]);
  const reply = await choose(request, route, stopping);
  if (reply === null || response.destroyed) return;
  const { status, text, headers, isLast = false } = reply;
  const closing = isLast || stopping.aborted ? { connection: 'close' } : {};
  response.writeHead(status, {
    ...always,
    ...headers,
    ...closing,
    'content-length': Buffer.byteLength(text),
  });
  await new Promise<void>((resolve) => {
    response.once('finish', resolve).once('close', resolve).end(text);
  });
}

const always = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

async function choose(
  request: IncomingMessage,
  route: Route | undefined,
  stopping: AbortSignal,
): Promise<Reply | null> {
  if (route === undefined) return replies.notThere;
  if (!route.methods.includes(request.method ?? '')) return replies.wrongMethod(route.methods.join(', '));
  return stopping.aborted ? replies.stopping : route.answer(request);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
