/** Where Debian's Chromium, and that of most systems, reads what the machine's owner decided. */
export const policyInside = '/etc/chromium/policies/managed/ccci.json';

/**
 * What holds for every Chromium in the sandbox, whoever starts it: the certificate authorities of the run are trusted,
 * and a page or a test opens no file (security.md, row browser on hostile pages). Pure.
 */
export function chromiumPolicy(caPem: string | null): string {
  const certificates = (caPem ?? '').matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g);
  const authorities = [...certificates].map(([, base64 = '']) => base64.replaceAll(/\s/g, ''));
  return JSON.stringify({ URLBlocklist: ['file:*'], CACertificates: authorities });
}
