import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { callEngine } from '../engine/call.ts';

/**
 * A stand-in for Traefik, which cannot be had on a machine without a registry: it reads the same labels of the Swarm's
 * services, routes by Host to the tasks' addresses on a network that it shares with them, and answers 404 like Traefik
 * where no router fits. `main.ts SOCKET CERT KEY`; listens on port 443.
 */
const [socket = '', certFile = '', keyFile = ''] = process.argv.slice(2);

type Service = { ID: string; Spec: { Labels?: Record<string, string> } };
type Task = {
  Status: { State: string };
  DesiredState: string;
  NetworksAttachments?: { Network: { Spec: { Name: string } }; Addresses?: string[] }[];
};

const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
server.on('request', async (incoming, answer) => {
  const found = await findTask((incoming.headers.host ?? '').replace(/:\d+$/, '')).catch(() => null);
  if (found === null) {
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
    answer.writeHead(404, { ...headers, 'content-length': 19 }).end('404 page not found\n');
    return;
  }
  const { headers, method, url: path } = incoming;
  const outgoing = request(
    { ...found, method, path, headers: { ...headers, 'x-by-proxy': 'yes' } },
    (theirs) => {
      answer.writeHead(theirs.statusCode ?? 502, { ...theirs.headers, 'x-through': 'stand-in' });
      theirs.pipe(answer);
    },
  );
  outgoing.on('error', () => answer.writeHead(502).end('Bad Gateway'));
  incoming.pipe(outgoing);
});
server.listen(443, '0.0.0.0');

async function findTask(host: string): Promise<{ host: string; port: number } | null> {
  const services = JSON.parse(await callEngine(socket, 'GET', '/services')) as Service[];
  for (const { ID, Spec } of services) {
    const labels = Object.entries(Spec.Labels ?? {});
    const isRouted = labels.some(
      ([key, value]) => /^traefik\.http\.routers\..+\.rule$/.test(key) && value.includes(`Host(\`${host}\``),
    );
    const port = labels.find(([key]) => /^traefik\.http\.services\..+\.server\.port$/.test(key))?.[1];
    const network = Spec.Labels?.['traefik.docker.network'];
    if (!isRouted || port === undefined || network === undefined) continue;
    const address = await addressOf(ID, network);
    if (address !== null) return { host: address, port: Number(port) };
  }
  return null;
}

async function addressOf(service: string, network: string): Promise<string | null> {
  const filters = encodeURIComponent(JSON.stringify({ service: [service], 'desired-state': ['running'] }));
  const tasks = JSON.parse(await callEngine(socket, 'GET', `/tasks?filters=${filters}`)) as Task[];
  const addresses = tasks
    .filter(({ Status }) => Status.State === 'running')
    .flatMap(({ NetworksAttachments = [] }) => NetworksAttachments)
    .filter((attachment) => attachment.Network.Spec.Name === network)
    .flatMap(({ Addresses = [] }) => Addresses);
  return addresses[0]?.split('/')[0] ?? null;
}
