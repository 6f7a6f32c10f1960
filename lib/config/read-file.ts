import { readFile } from 'node:fs/promises';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';

/**
 * The object in a configuration file: JSON when its name ends so, else YAML, where an empty file is an empty
 * configuration. `Failure` 78 when it cannot be read or holds anything else.
 */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const content = await readFile(path, 'utf8').catch((error) => {
    throw refuse('no-configuration', `cannot read configuration: ${path}: ${messageOf(error)}`);
  });
  const value = await parse(path, content).catch((error) => {
    throw refuse('bad-configuration', `${path}: ${messageOf(error).trim()}`);
  });
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) throw refuse('bad-configuration', `${path}: an object is expected`);
  return value as Record<string, unknown>;
}

async function parse(path: string, content: string): Promise<unknown> {
  if (path.endsWith('.json')) return JSON.parse(content);
  const { parseDocument } = await import('./yaml.ts');
  const document = parseDocument(content);
  // A warning is about a value that is not what it looks like: `word: !testme` is a tag with nothing behind it.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem?.code === 'TAG_RESOLVE_FAILED') {
    throw new Error(`a value that begins with ! needs quotes: ${problem.message}`);
  }
  if (problem !== undefined) throw problem;
  return document.toJS() ?? {};
}

function refuse(code: string, message: string): Failure {
  return new Failure(exitStatus.configuration, code, message);
}
