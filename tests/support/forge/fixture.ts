/** A small world for the forge's own tests: one organisation, three people, one repository with a pull request. */
import { execaSync } from 'execa';
import { type Forge, type ForgeOptions, startForge } from './forge.ts';

/** Commits of the fixture: `base` is main, `head` is feature, `next` follows it, `other` replaces it. */
export type Commits = {
  readonly base: string;
  readonly head: string;
  readonly next: string;
  readonly other: string;
};

/** Makes a bare repository with the branches main, feature, next and other. */
export function makeRepository(path: string): Commits {
  execaSync('git', ['init', '-q', '--bare', '-b', 'main', path], { timeout: 60_000 });
  const stream = [
    commit('main', 'base', 1000),
    commit('feature', 'head', 2000, 'refs/heads/main'),
    commit('next', 'next', 3000, 'refs/heads/feature'),
    commit('other', 'other', 4000, 'refs/heads/main'),
  ];
  execaSync('git', ['fast-import', '--quiet'], { cwd: path, input: stream.join(''), timeout: 60_000 });
  const sha = (branch: string) => execaSync('git', ['rev-parse', branch], { cwd: path }).stdout;
  return { base: sha('main'), head: sha('feature'), next: sha('next'), other: sha('other') };
}

/** A forge with user `mia` (member), `bot` (member), `eve` (stranger), `org/app` and its open pull request 1. */
export async function startWorld(dir: string, options: ForgeOptions = {}) {
  const commits = makeRepository(`${dir}/app.git`);
  const forge = await startForge({ root: dir, validate: true, ...options });
  const [mia, bot, eve] = ['mia', 'bot', 'eve'].map((login) => forge.addUser(login)) as [User, User, User];
  forge.addOrganisation('org', ['mia', 'bot']);
  forge.addRepository('org', 'app', 'app.git');
  const number = forge.openPull('org', 'app', { head: 'feature', title: 'Upgrade', author: 'mia' });
  const token = bot.token(['all']);
  return { forge, commits, mia, bot, eve, number, token, ask: asking(forge, token) };
}

type User = ReturnType<Forge['addUser']>;

/** What one request may say; `token: null` is an anonymous one. */
export type Ask = { readonly method?: string; readonly body?: unknown; readonly token?: string | null };

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Asked = { status: number; headers: Headers; text: string; body: any };

function asking(forge: Forge, botToken: string) {
  return async (path: string, { method = 'GET', body, token = botToken }: Ask = {}): Promise<Asked> => {
    const headers: Record<string, string> = token === null ? {} : { authorization: `token ${token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const given = { method, headers, redirect: 'manual' as const, signal: AbortSignal.timeout(60_000) };
    const response = await fetch(`${forge.url}/api/v1${path}`, { ...given, body: JSON.stringify(body) });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    const parsed = isJson ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, body: parsed };
  };
}

function commit(branch: string, content: string, at: number, from?: string): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const who = `Mia <mia@example.org> ${at} +0000`;
  const start = `commit refs/heads/${branch}\nauthor ${who}\ncommitter ${who}\n${data(`${content}\n`)}`;
  return `${start}${from ? `from ${from}\n` : ''}M 100644 inline file\n${data(content)}\n`;
}
