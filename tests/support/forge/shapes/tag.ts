import { git } from '../git.ts';
import type { Repository, Store } from '../store.ts';
import { instant } from '../times.ts';
import { repositoryApiUrl, repositoryUrl } from './urls.ts';

type Tag = {
  readonly name: string;
  /** The tag's own object; the commit where it is a lightweight one. */
  readonly id: string;
  readonly commit: string;
  readonly madeAt: number;
  readonly message: string;
};

const cells = ['refname:strip=2', 'objectname', '*objectname', 'creatordate:unix', 'contents:subject'];
const format = cells.map((cell) => `%(${cell})`).join('%00');

/** All tags from git, newest first. */
export function readTags({ path }: Repository): Tag[] {
  const text = git(path, 'for-each-ref', '--sort=-creatordate', `--format=${format}`, 'refs/tags');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', id = '', target, time, message = ''] = line.split('\0');
      return { name, id, commit: target || id, madeAt: Number(time), message };
    });
}

/** A `Tag`; `commit` is the commit that an annotated one names, `id` its own object. */
export function tagShape(store: Store, repository: Repository, { name, id, commit, madeAt, message }: Tag) {
  const archive = `${repositoryUrl(store, repository)}/archive/${encodeURIComponent(name)}`;
  return {
    name,
    message,
    id,
    commit: {
      url: `${repositoryApiUrl(store, repository)}/git/commits/${commit}`,
      sha: commit,
      created: instant(store, madeAt),
    },
    zipball_url: `${archive}.zip`,
    tarball_url: `${archive}.tar.gz`,
  };
}
