/** Turns definitions of swagger 2.0 into JSON Schema that is as strict as a real server is. */

/** A piece of schema; only what is rewritten is named. */
export type JsonSchema = {
  readonly [key: string]: unknown;
  readonly properties?: Record<string, JsonSchema>;
};

/** Pointers in Go: sent as null where there is nothing. `*` is any definition. */
const nullable: Record<string, readonly string[]> = {
  '*': ['milestone', 'assignee', 'assignees', 'closed_at', 'due_date', 'merged_at', 'merge_commit_sha'],
  PullRequest: ['merged_by', 'requested_reviewers', 'requested_reviewers_teams'],
  Issue: ['pull_request'],
  PRBranchInfo: ['repo'],
  CombinedStatus: ['statuses'],
  Commit: ['author', 'committer'],
  PayloadCommit: ['added', 'removed', 'modified'],
  PayloadCommitVerification: ['signer'],
  TimelineComment: [
    ...['old_milestone', 'tracked_time', 'ref_issue', 'ref_comment', 'label', 'assignee_team'],
    ...['resolve_doer', 'dependent_issue'],
  ],
};

/** `omitempty` in Go: may be absent. Everything else is demanded. */
const optional: Record<string, readonly string[]> = {
  Repository: [
    'parent',
    'permissions',
    'internal_tracker',
    'external_tracker',
    'external_wiki',
    'repo_transfer',
  ],
  PullRequest: ['additions', 'deletions', 'changed_files', 'review_comments'],
  Commit: ['stats', 'files'],
};

/** Sent, but not described. */
const undocumented: Record<string, Record<string, JsonSchema>> = { User: { username: { type: 'string' } } };

/** Rewrites a set of definitions: references, formats, null, and all properties demanded and no others allowed. */
export function rewriteDefinitions(definitions: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const entries = Object.entries(definitions).map(([name, schema]) => [name, strict(name, clean(schema))]);
  return Object.fromEntries(entries);
}

function strict(name: string, schema: JsonSchema): JsonSchema {
  if (schema.properties === undefined) return schema;
  const canBeNull = [...nullable['*']!, ...(nullable[name] ?? [])];
  const properties = { ...schema.properties, ...undocumented[name] };
  const entries = Object.entries(properties).map(([key, value]) => [
    key,
    canBeNull.includes(key) ? { anyOf: [value, { type: 'null' }] } : value,
  ]);
  const required = Object.keys(properties).filter((key) => !optional[name]?.includes(key));
  return { ...schema, properties: Object.fromEntries(entries), required, additionalProperties: false };
}

/** Drops `x-…`, `example` and the form of mail addresses (git takes any text), and lets an enumeration have the empty text of a combined status without any. */
function clean(value: unknown): JsonSchema {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (key.startsWith('x-') || key === 'example') return undefined;
    if (key === 'format' && inner === 'email') return undefined;
    if (key === 'enum' && Array.isArray(inner) && inner.includes('pending')) return [...inner, ''];
    return typeof inner === 'string' ? inner.replace('#/definitions/', '#/$defs/') : inner;
  });
  return JSON.parse(text) as JsonSchema;
}
