import type { Status } from '../records/common.ts';
import type { Rungs } from '../records/results.ts';
import type { Outcomes } from './outcomes.ts';

/** The five rungs from the stages: backup and restore make one rung, the worse of the two counts. */
export function rungsOf(outcomes: Outcomes): Rungs {
  return {
    install: outcomes.install.status,
    upgrade: outcomes.upgrade.status,
    backup_restore: worse(outcomes.backup.status, outcomes.restore.status),
    functional: outcomes.custom.status,
    lint: outcomes.lint.status,
  };
}

const badness: Readonly<Record<Status, number>> = { fail: 3, unver: 2, skip: 1, pass: 0 };

function worse(one: Status, other: Status): Status {
  return badness[one] >= badness[other] ? one : other;
}
