import { readFileSync } from 'node:fs';

/** A variable that the sandbox gives; without it, an error that says what is wrong. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  const why =
    name === 'CCCI_URL' ? 'no service of the recipe is routed' : 'ccci gives it to the tests it runs';
  throw new Error(`${name} is not set: ${why}`);
}

/** The JSON of a file that a variable names. */
export function jsonOf<T>(name: string): T {
  return JSON.parse(readFileSync(variable(name), 'utf8')) as T;
}
