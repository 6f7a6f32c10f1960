import { type Check, type Cure, fine, packages, wanting } from './check.ts';
import type { Facts } from './facts.ts';

/** Tests and hooks never run outside of the sandbox. Pure. */
export function judgeSandbox(facts: Facts): Check {
  const { system, missingForSandbox, sandboxRefused } = facts;
  const name = 'sandbox';
  const failed = (found: string, cure: Cure) =>
    wanting(system, {
      ...{ name, state: 'partly', found },
      affects: 'custom tests, other tests and hooks will be "not run"',
      cure,
    });
  if (missingForSandbox.length > 0) {
    const names = missingForSandbox.join(', ');
    return failed(
      `not on the PATH: ${names}`,
      packages('bubblewrap util-linux', 'pkgs.bubblewrap pkgs.util-linux'),
    );
  }
  if (sandboxRefused !== null)
    return failed(`bubblewrap cannot make one: ${sandboxRefused}`, allowNamespaces(facts));
  return fine(name, 'bubblewrap works');
}

export function judgePytest({ system, pytest }: Facts): Check {
  if (pytest !== null) return fine('pytest', pytest);
  return wanting(system, {
    ...{ name: 'pytest', state: 'partly', found: 'no python3 here has it' },
    affects: 'tests in test_*.py will be "not run"',
    cure: packages('python3-pytest', '(pkgs.python3.withPackages (p: [ p.pytest ]))'),
  });
}

/** Chromium has a sandbox of its own, which needs user namespaces even where ccci is root. */
export function judgeChromium(facts: Facts): Check {
  const { system, chromium, namespaces } = facts;
  const name = 'chromium';
  const affects = 'no screenshots; tests in a browser will be "not run"';
  const check = { name, state: 'partly', affects } as const;
  if (chromium === null) {
    return wanting(system, {
      ...check,
      found: 'not on the PATH',
      cure: packages('chromium', 'pkgs.chromium'),
    });
  }
  if (namespaces === null) return fine(name, chromium);
  const found = `user namespaces are off: ${namespaces.setting}`;
  return wanting(system, { ...check, found, cure: allowNamespaces(facts) });
}

function allowNamespaces({ namespaces }: Facts): Cure {
  const allow = namespaces?.allow ?? 'user.max_user_namespaces=10000';
  const [key = '', value = ''] = allow.split('=');
  return {
    debian: `sudo sysctl -w ${allow}`,
    nixos: `boot.kernel.sysctl."${key}" = ${value};`,
  };
}

/** ccci itself starts under Node 20; tests in TypeScript are run by Node as they are written. */
export function judgeNode({ system, node }: Facts): Check {
  const [major = 0, minor = 0] = node.replace('v', '').split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return fine('node', node);
  return wanting(system, {
    ...{ name: 'node', state: 'partly', found: `${node}, which reads no TypeScript` },
    affects: 'tests in *.test.ts will be "not run"',
    cure: {
      debian: 'npx --yes n 24, or any other Node from 22.18',
      nixos: packages('', 'pkgs.nodejs_24').nixos,
    },
  });
}
