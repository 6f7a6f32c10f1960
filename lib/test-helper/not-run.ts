/** By this code ccci knows a test that did not run; it is the helper's alone, no answer of an app can bring it. */
export const notRunCode = 'CCCI_NOT_RUN';

/** Ends the present test as not run. */
export function notRun(reason: string): never {
  throw Object.assign(new Error(reason), { code: notRunCode });
}
