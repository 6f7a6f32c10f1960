import type { z } from 'zod';
import { didYouMean } from '../program/nearest.ts';
import { configKeys, forgeKeys, sectionKeys } from './schema.ts';

/** What is wrong with a configuration, in words: each problem with its key, an unknown key with the nearest known. */
export function describeProblem(issue: z.core.$ZodIssue): string[] {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    const name = (key: string) => [where, key].filter(Boolean).join('.');
    return issue.keys.map((key) => `unknown key ${name(key)}${didYouMean(key, known)}`);
  }
  if (issue.code === 'invalid_key')
    return issue.issues.map(({ message }) => `${where}: bad name: ${message}`);
  return [`${where || 'configuration'}: ${issue.message}`];
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return configKeys;
  return path[0] === 'forges' ? forgeKeys : sectionKeys(String(path[0]));
}
