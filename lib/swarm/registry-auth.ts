import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';

/**
 * The login for an image's registry out of `config.json` of `DOCKER_CONFIG`, as the engine's `X-Registry-Auth`;
 * null where there is none. Credential helpers are not run.
 */
export async function registryAuth(dockerConfig: string | undefined, image: string): Promise<string | null> {
  if (dockerConfig === undefined) return null;
  const registry = registryOf(image);
  const auth = (await readAuths(dockerConfig))[registry]?.auth;
  if (auth === undefined) return null;
  const [username, ...password] = Buffer.from(auth, 'base64').toString('utf8').split(':');
  const login = { username, password: password.join(':'), serveraddress: registry };
  // The padding counts: without it the engine loses the end, and with it the login, and says nothing.
  return Buffer.from(JSON.stringify(login)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** The registry's name as `docker login` files it. Pure. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'https://index.docker.io/v1/';
}

async function readAuths(folder: string): Promise<Record<string, { auth?: string }>> {
  try {
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
      auths?: Record<string, { auth?: string }>;
    };
    return config.auths ?? {};
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw error;
  }
}
