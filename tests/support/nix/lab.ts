import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const limitMs = 300_000;
const evaluator = join(import.meta.dirname, 'evaluate.nix');

/** Nix with a store of its own, no daemon and no network. */
export type Nix = {
  /** Value of an expression, as JSON. `e` is `evaluate.nix`. Rejects with Nix's words. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Builds a derivation; its path in the store. */
  readonly build: (expression: string) => Promise<string>;
  /** Runs any program of Nix. */
  readonly call: (command: readonly string[]) => Promise<string>;
};

/** Path of the nixpkgs that is to be used instead of the stand-in. */
export const realNixpkgs = process.env.CCCI_NIXPKGS || undefined;

/** Path of nixpkgs' `lib` alone, which is to be used in the stand-in: the module system, and no package. */
export const realLib = process.env.CCCI_NIXPKGS_LIB || undefined;

const settings = `build-users-group =
sandbox = false
substitute = false
substituters =
experimental-features = nix-command flakes
`;

/** Sets Nix up in a folder; everything it makes lies there. `more` goes into its environment. */
export function makeNix(dir: string, more: Readonly<Record<string, string>> = {}): Nix {
  mkdirSync(join(dir, 'etc'), { recursive: true });
  mkdirSync(join(dir, 'home'), { recursive: true });
  writeFileSync(join(dir, 'etc', 'nix.conf'), settings);
  const env = {
    ...more,
    PATH: process.env.PATH,
    HOME: join(dir, 'home'),
    NIX_REMOTE: '',
    NIX_CONF_DIR: join(dir, 'etc'),
    NIX_STORE_DIR: join(dir, 'nix', 'store'),
    NIX_LOCALSTATE_DIR: join(dir, 'nix', 'var'),
    NIX_STATE_DIR: join(dir, 'nix', 'var', 'nix'),
    NIX_LOG_DIR: join(dir, 'nix', 'var', 'log'),
  };
  const call = async ([program = '', ...args]: readonly string[]) => {
    const { stdout } = await run(program, args, { env, timeout: limitMs, maxBuffer: 1e8 });
    return stdout;
  };
  const whole = (expression: string) => `let e = import ${evaluator}; in ${expression}`;
  return {
    call,
    evaluate: async (expression) =>
      JSON.parse(
        await call(['nix-instantiate', '--eval', '--strict', '--json', '-E', whole(expression)]),
      ) as unknown,
    build: async (expression) => (await call(['nix-build', '--no-out-link', '-E', whole(expression)])).trim(),
  };
}

/** `e` on a host, as an expression of Nix: `host` is the text of a module. */
export function onHost(host: string): string {
  const nixpkgs = realNixpkgs === undefined ? '' : `nixpkgs = ${realNixpkgs};`;
  const lib = realLib === undefined ? '' : `nixpkgsLib = ${realLib};`;
  return `(e { ${nixpkgs} ${lib} host = { config, lib, pkgs, ... }: { ${host} }; })`;
}
