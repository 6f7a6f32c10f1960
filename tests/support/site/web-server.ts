import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A real web server on a unix socket. */
export type WebServer = {
  readonly socket: string;
  readonly close: () => void;
};

/** A virtual host of nginx as the module of NixOS knows it, as far as ours sets it. */
export type NginxHost = {
  readonly root: string;
  readonly locations: Readonly<
    Record<string, { readonly proxyPass: string | null; readonly extraConfig: string }>
  >;
};

/** The block `server` that NixOS makes of a virtual host. */
export function nginxServer(name: string, { root, locations }: NginxHost): string {
  const blocks = Object.entries(locations).map(
    ([path, { proxyPass, extraConfig }]) =>
      `location ${path} {\n${proxyPass === null ? '' : `proxy_pass ${proxyPass};\n`}${extraConfig}}\n`,
  );
  return `server {\nlisten 80;\nserver_name ${name};\nroot ${root};\n${blocks.join('')}}\n`;
}

/**
 * Starts nginx with one block `server`, whose `listen` and certificate are taken out. It has returned when it listens.
 * The workers run as root, so that they may read what a test made.
 */
export function startNginx(dir: string, server: string): WebServer {
  mkdirSync(dir, { recursive: true });
  const socket = join(dir, 'socket');
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const text = `user root;
worker_processes 1;
pid ${dir}/pid;
error_log ${dir}/log;
events {}
http {
include /etc/nginx/mime.types;
default_type application/octet-stream;
access_log off;
${places.map((place) => `${place}_temp_path ${dir}/${place};`).join('\n')}
${server.replace(/listen [^;]+;/, `listen unix:${socket};`)}
}
`;
  const file = join(dir, 'nginx.conf');
  writeFileSync(file, text);
  const { status, stderr } = spawnSync('nginx', ['-c', file], { encoding: 'utf8', timeout: 60_000 });
  // A warning is a defect of the configuration, too.
  if (status !== 0 || stderr !== '') throw new Error(`nginx, status ${status}: ${stderr}`);
  return { socket, close: closeBy(dir) };
}

/** Starts Caddy with what stands in one site's block. It has returned when it listens. */
export function startCaddy(dir: string, site: string): WebServer {
  mkdirSync(dir, { recursive: true });
  const socket = join(dir, 'socket');
  const file = join(dir, 'Caddyfile');
  writeFileSync(file, `{\nadmin off\n}\nhttp:// {\nbind unix/${socket}\n${site}\n}\n`);
  // What it says comes on standard error, which would stay open as long as it runs.
  execFileSync(
    'caddy',
    ['start', '--config', file, '--adapter', 'caddyfile', '--pidfile', join(dir, 'pid')],
    {
      env: { PATH: process.env.PATH, HOME: dir },
      stdio: ['ignore', 'ignore', 'ignore'],
      timeout: 60_000,
    },
  );
  return { socket, close: closeBy(dir) };
}

function closeBy(dir: string): () => void {
  return () => process.kill(Number(readFileSync(join(dir, 'pid'), 'utf8')), 'SIGTERM');
}

/** What a server answered: status, headers in lower case, body. */
export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Asks by curl, with the path as it is written. */
export function curl({ socket }: WebServer, path: string, more: readonly string[] = []): Answered {
  const fixed = ['-sS', '-i', '--max-time', '10', '--path-as-is', '--unix-socket', socket];
  const whole = execFileSync('curl', [...fixed, ...more, `http://ci.example.org${path}`], {
    encoding: 'latin1',
    maxBuffer: 1e8,
  });
  const end = whole.indexOf('\r\n\r\n');
  const [first = '', ...lines] = whole.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: whole.slice(end + 4),
  };
}
