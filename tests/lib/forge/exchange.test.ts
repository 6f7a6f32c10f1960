import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';

const run = promisify(execFile);
const module = join(import.meta.dirname, '..', '..', '..', 'lib', 'forge', 'exchange.ts');

t.test(
  'over TLS: GETs share a connection, what changes something has its own, a stranger is refused',
  async (t) => {
    const dir = t.testdir();
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        ...subject,
      ],
      { stdio: 'ignore' },
    );
    let connections = 0;
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      request.resume().on('end', () => response.end(`${request.method} ${request.headers['user-agent']}`));
    });
    server.on('secureConnection', () => {
      connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/version`;
    const script = `
    const { exchange } = await import(${JSON.stringify(module)});
    const ask = (method, body) =>
      exchange({ url: ${JSON.stringify(url)}, method, body, headers: { 'user-agent': 'ccci' }, signal: AbortSignal.timeout(20_000) });
    const answers = [await ask('GET'), await ask('GET'), await ask('POST', '{}')];
    console.log(JSON.stringify(answers.map(({ status, body }) => [status, body])));`;
    // Whom a process trusts it is told when it starts.
    const program = (env: NodeJS.ProcessEnv) =>
      run(process.execPath, ['--input-type=module', '-e', script], {
        env: { PATH: process.env.PATH, ...env },
      });
    const { stdout } = await program({ NODE_EXTRA_CA_CERTS: cert });
    t.same(JSON.parse(stdout), [
      [200, 'GET ccci'],
      [200, 'GET ccci'],
      [200, 'POST ccci'],
    ]);
    t.equal(connections, 2, 'one for both GETs, one for the POST');
    await t.rejects(program({}), { message: /self-signed certificate/ });
  },
);
