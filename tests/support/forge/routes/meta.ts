/** What the server says about itself; needs no token. */
import { json } from '../answers.ts';
import { defaultLimit, maxLimit } from '../paging.ts';
import type { Route } from '../route.ts';

/** Version and settings. */
export const metaRoutes: readonly Route[] = [
  { method: 'GET', path: '/version', scope: null, handle: () => json(200, { version: '1.25.4' }) },
  { method: 'GET', path: '/settings/api', scope: null, handle: () => json(200, api) },
  { method: 'GET', path: '/settings/ui', scope: null, handle: () => json(200, ui) },
  { method: 'GET', path: '/settings/attachment', scope: null, handle: () => json(200, attachment) },
];

/** `[ui] REACTIONS` as it comes. */
export const allowedReactions = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

const api = {
  max_response_items: maxLimit,
  default_paging_num: defaultLimit,
  default_git_trees_per_page: 1000,
  default_max_blob_size: 10_485_760,
  default_max_response_size: 104_857_600,
};

const ui = {
  default_theme: 'gitea-auto',
  allowed_reactions: allowedReactions,
  custom_emojis: ['git', 'gitea', 'codeberg', 'gitlab', 'github', 'gogs'],
};

const attachment = {
  enabled: true,
  allowed_types: '.csv,.docx,.gif,.gz,.jpeg,.jpg,.json,.log,.md,.patch,.pdf,.png,.svg,.txt,.webp,.zip',
  max_size: 2048,
  max_files: 5,
};
