/** Checks answers against Gitea's own description of its API (swagger 2.0), where that file is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Answer } from './answers.ts';
import type { Route } from './route.ts';
import { type JsonSchema, rewriteDefinitions } from './swagger-schema.ts';

/** Says what is wrong with one answer; an empty list is well. */
export type CheckAnswer = (route: Route, answer: Answer) => string[];

type Swagger = {
  readonly definitions: Record<string, JsonSchema>;
  readonly responses: Record<string, { readonly schema?: JsonSchema }>;
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, { readonly $ref?: string }> }>
  >;
};

/** Where the description is: `CCCI_GITEA_SWAGGER`, or beside the repository; null when there is none. */
export function findSwagger(): string | null {
  const beside = new URL('../../../../shared/data/gitea-swagger.json', import.meta.url).pathname;
  const path = process.env.CCCI_GITEA_SWAGGER || beside;
  return existsSync(path) ? path : null;
}

const checks = new Map<string, CheckAnswer>();

/** Reads the description, once per process; each kind of answer is compiled when it is first seen. */
export function createCheck(path: string): CheckAnswer {
  const known = checks.get(path);
  if (known !== undefined) return known;
  const swagger = JSON.parse(readFileSync(path, 'utf8')) as Swagger;
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { int64: true } });
  addFormats.default(ajv);
  const responses = Object.entries(swagger.responses).map(([name, { schema }]) => [
    `response ${name}`,
    schema,
  ]);
  const $defs = { ...rewriteDefinitions(swagger.definitions), ...rewriteDefinitions(described(responses)) };
  ajv.addSchema({ $id: 'gitea', $defs });
  const check: CheckAnswer = (route, answer) => checkAnswer(ajv, swagger, route, answer);
  checks.set(path, check);
  return check;
}

function described(entries: readonly unknown[][]): Record<string, JsonSchema> {
  return Object.fromEntries(entries.filter(([, schema]) => schema !== undefined));
}

function checkAnswer(ajv: Ajv, swagger: Swagger, route: Route, { status, body }: Answer): string[] {
  if (status < 200 || status > 299) return [];
  const where = `${route.method} ${route.path} ${status}`;
  const response = swagger.paths[route.path]?.[route.method.toLowerCase()]?.responses[status];
  if (response === undefined) return [`${where}: not in the description`];
  const name = response.$ref?.replace('#/responses/', '') ?? '';
  const validate = ajv.getSchema(`gitea#/$defs/response%20${name}`);
  if (validate === undefined) return body === undefined ? [] : [`${where}: has a body, should have none`];
  return complaints(where, validate as ValidateFunction, body);
}

/** A list that is a nil slice in Go comes as null; only timeline and reactions may do that. */
function complaints(where: string, check: ValidateFunction, body: unknown): string[] {
  if (body === null && /timeline|reactions/.test(where)) return [];
  if (check(body)) return [];
  return check.errors!.map(({ instancePath, message, params }) => {
    return `${where}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`;
  });
}
