import type { Facts } from './facts.ts';

/** `ok`; `partly`: some stages would not be run; `missing`: nothing can be run. */
export type CheckState = 'ok' | 'partly' | 'missing';

export type Check = {
  readonly name: string;
  readonly state: CheckState;
  /** What was found, in words. */
  readonly found: string;
  /** What comes of it; null where all is well. */
  readonly affects: string | null;
  /** Commands or settings that cure it, for this machine's system; none where all is well. */
  readonly cures: readonly string[];
};

/** How something is had on each system. */
export type Cure = { readonly debian: string; readonly nixos: string };

export function fine(name: string, found: string): Check {
  return { name, state: 'ok', found, affects: null, cures: [] };
}

/** A check that failed; on a system that is neither, both cures are told. */
export function wanting(
  system: Facts['system'],
  check: Pick<Check, 'name' | 'found' | 'affects'> & {
    readonly state: Exclude<CheckState, 'ok'>;
    readonly cure: Cure;
  },
): Check {
  const { cure, ...rest } = check;
  const both = [`Debian, Ubuntu: ${cure.debian}`, `NixOS: ${cure.nixos}`];
  const cures = system !== null ? [cure[system]] : cure.debian === cure.nixos ? [cure.debian] : both;
  return { ...rest, cures };
}

/** A package of Debian's, and the line of a NixOS configuration. */
export function packages(debian: string, nixos: string): Cure {
  return {
    debian: `sudo apt-get install ${debian}`,
    nixos: `environment.systemPackages = [ ${nixos} ];`,
  };
}
