import { join } from 'node:path';
import { plainHost } from '../nixos/hosts.ts';
import { makeNix, onHost } from '../support/nix/lab.ts';
import { type Figure, figure } from './figure.ts';
import { scratch } from './scene.ts';
import { median } from './timed.ts';

const rounds = 7;

/**
 * How long Nix needs until it knows all options and units of the smallest host, beside the same host without ccci; by the
 * stand-in for nixpkgs, or by the real one that `CCCI_NIXPKGS` names.
 */
export async function* moduleEvaluation(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    const nix = makeNix(join(dir, 'nix'));
    const [ours, peer]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await evaluationMs(nix.evaluate, ''));
      peer.push(await evaluationMs(nix.evaluate, 'services.ccci.enable = lib.mkForce false;'));
    }
    const against = 'the same host with services.ccci.enable = false';
    yield figure({
      bench: 'module evaluation',
      ours: median(ours),
      peer: median(peer),
      unit: 'ms',
      against,
      goal: 2,
    });
  }
}

async function evaluationMs(evaluate: (text: string) => Promise<unknown>, more: string): Promise<number> {
  const host = onHost(plainHost(more));
  const startedAt = performance.now();
  await evaluate(`let r = ${host}; in { inherit (r) units users groups folders failed; }`);
  return performance.now() - startedAt;
}
