import { z } from 'zod';
import { enrolledTwice } from './twice.ts';

const text = z.string().min(1);

/** Of a server or a page, for people's browsers and ours. */
export const address = z.url({
  protocol: /^https?$/,
  error: 'expected an address that begins with https:// or http://',
});

/** One Gitea or Forgejo server; the key of the entry is its name in records. */
export const forgeSchema = z.strictObject({
  /** Web address, `https://git.example.org`; the API is below `/api/v1`. */
  url: address,
  /** Organisations whose repositories are enrolled, all of them. */
  organisations: z.array(text).default([]),
  /** Single enrolled repositories, `owner/name`. */
  repositories: z.array(z.string().regex(/^[^/]+\/[^/]+$/, 'expected owner/name')).default([]),
  /** File with the read token: poll, hook, sweep. */
  tokenFile: text.optional(),
  /** File with the secret of the webhook; hook alone. */
  hookSecretFile: text.optional(),
  /** Secrets of single organisations or repositories (`owner` or `owner/name`), instead of that one. */
  hookSecretFiles: z.record(text, text).default({}),
  /** File with the write token: report alone. */
  reportTokenFile: text.optional(),
  /** Login names that may trigger besides the members of the organisation. */
  allow: z.array(text).default([]),
  /** Whether pull requests from forks may be tested. */
  forks: z.boolean().default(false),
});
export type ForgeConfig = z.infer<typeof forgeSchema>;

/** All servers by their names; nothing is enrolled under two of them. */
export const forgesSchema = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,30}$/, 'expected a-z 0-9 . -'), forgeSchema)
  .superRefine((forges, context) => {
    for (const { forge, message } of enrolledTwice(forges))
      context.addIssue({ code: 'custom', path: [forge], message });
  });
