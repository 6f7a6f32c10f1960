type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Most problems of one record that are named. */
const named = 3;

/** What is wrong with a record, in one short line: `pr.number: …; calls: …; and 4 more`. */
export function sayIssues(issues: readonly Issue[]): string {
  const said = issues.slice(0, named).map(({ path, message }) => `${path.join('.') || 'record'}: ${message}`);
  const more = issues.length - said.length;
  return [...said, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
