import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';

const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** What a timer of Node's can hold. */
const mostMs = 24 * 24 * units.h;

/** `90s`, `20m`, `2h`, or seconds alone, in ms; `fallback` where nothing is given. `Failure` 64 for anything else. */
export function readTime(flag: string, given: string | boolean | undefined, fallback: string): number {
  const text = typeof given === 'string' ? given : fallback;
  const found = /^(\d{1,8})([smh]?)$/.exec(text);
  const ms = found === null ? 0 : Number(found[1]) * units[(found[2] || 's') as keyof typeof units];
  if (ms > 0 && ms <= mostMs) return ms;
  throw new Failure(exitStatus.usage, 'bad-value', `--${flag} is ${JSON.stringify(text)}`, {
    hint: 'a time is expected: 90s, 20m or 2h',
  });
}
