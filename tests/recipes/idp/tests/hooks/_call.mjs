import { readFileSync } from 'node:fs';

export const client = process.env.CCCI_FOR_RECIPE + '-' + process.env.CCCI_FOR_RUN.replaceAll(/[^a-z0-9]/g, '');

export async function call(what) {
  const { admin_token_v1: token } = JSON.parse(readFileSync(process.env.CCCI_SECRETS_FILE, 'utf8'));
  const answer = await fetch(`${process.env.CCCI_URL}/cgi-bin/client/${what}/${client}/${token}`);
  const text = (await answer.text()).trim();
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${text}`);
  return text;
}
