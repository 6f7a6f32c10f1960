import { type Rungs, rungNames } from '../records/results.ts';

/** The highest rung that passed with every rung below it `pass` or `skip`; else 0 (stages.md, Level; L54). */
export function levelOf(rungs: Rungs): number {
  let level = 0;
  for (const [index, name] of rungNames.entries()) {
    if (rungs[name] === 'pass') level = index + 1;
    else if (rungs[name] !== 'skip') break;
  }
  return level;
}

/** How many of the five rungs were exercised: passed or failed. */
export function exercisedOf(rungs: Rungs): number {
  return rungNames.filter((name) => rungs[name] === 'pass' || rungs[name] === 'fail').length;
}
