import type { Account, Store } from '../store.ts';
import { instant, zeroTime } from '../times.ts';

/** A `User`; private fields are told to the person alone and to site administrators (`asker`). */
export function userShape(store: Store, account: Account, asker: Account | null = null) {
  const isOwn = asker !== null && (asker.id === account.id || asker.isAdmin);
  return {
    id: account.id,
    login: account.login,
    login_name: '',
    source_id: 0,
    full_name: '',
    email: isOwn ? `${account.login}@example.org` : `${account.login}@noreply.localhost`,
    avatar_url: `${store.url}/avatars/${account.id}`,
    html_url: `${store.url}/${account.login}`,
    language: isOwn ? 'en-US' : '',
    is_admin: isOwn && account.isAdmin,
    last_login: isOwn ? instant(store, account.createdAt) : zeroTime,
    created: instant(store, account.createdAt),
    restricted: false,
    active: isOwn,
    prohibit_login: false,
    location: '',
    website: '',
    description: '',
    visibility: 'public',
    followers_count: 0,
    following_count: 0,
    starred_repos_count: 0,
    username: account.login,
  };
}
