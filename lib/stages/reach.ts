import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrontDoor } from '../probe/front-door.ts';
import type { GivenText, Host } from '../testing/run-inside.ts';
import type { RunContext } from './context.ts';

export type Reach = { readonly hosts: readonly Host[]; readonly caFile?: string };

/** How tests and hooks reach the deployment and what it needs: names on loopback, and whom to trust. */
export async function reachOf(context: RunContext): Promise<Reach> {
  const doors = doorsOf(context);
  if (doors.length === 0) return { hosts: [] };
  const hosts = doors.map(({ domain, door }) => ({ name: domain, address: door.address }));
  const authorities = await Promise.all(doors.map(({ door }) => readFile(door.caFile, 'utf8')));
  const caFile = join(context.directory.work, 'authorities.pem');
  await writeFile(caFile, authorities.join('\n'), { mode: 0o644 });
  return { hosts, caFile };
}

/** `CCCI_DEPS_FILE`: what is known of each dependency that is ready; its shape: docs/dependencies.md. */
export function dependenciesFile({ scratch }: RunContext): GivenText {
  const ready = scratch.dependencies.filter(({ isReady }) => isReady);
  const known = ready.map(({ name, version, context, credentials }) => {
    const { url = null, connect = null } = context.scratch.frontDoor ?? {};
    const { domain } = context;
    return [name, { version, domain, url, connect, app_url: appUrl(domain), credentials }];
  });
  const content = `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`;
  return { variables: ['CCCI_DEPS_FILE'], name: 'deps.json', content };
}

/** How containers of the app reach a dependency: through its relay, which ends no TLS (docs/decisions/0012). */
export function appUrl(domain: string): string {
  return `http://${domain}`;
}

function doorsOf(context: RunContext): { readonly domain: string; readonly door: FrontDoor }[] {
  const all = [context, ...context.scratch.dependencies.map((one) => one.context)];
  return all.flatMap(({ domain, scratch }) =>
    scratch.frontDoor === null ? [] : [{ domain, door: scratch.frontDoor }],
  );
}
