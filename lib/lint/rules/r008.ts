import type { LintRule } from '../facts.ts';

/** The app's `.env` begins as a copy of it. */
export const r008: LintRule = {
  id: 'R008',
  level: 'error',
  wants: '.env.sample exists',
  check: ({ envSample }) =>
    envSample === null ? { status: 'fail', detail: 'no .env.sample' } : { status: 'pass', detail: '' },
};
