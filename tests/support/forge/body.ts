/** Reading the body of a request. */
import type { IncomingMessage } from 'node:http';

/** JSON or a form as Gitea's binding takes them; null for no or another content type, or broken JSON. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const type = request.headers['content-type'] ?? '';
  if (type.includes('form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  return type.includes('json') ? parseObject(text) : null;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
