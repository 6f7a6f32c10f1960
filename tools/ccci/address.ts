/** A pull request by its page. */
export type PullAddress = {
  /** Address of the forge, with the folder that it may live in, without a slash at its end. */
  readonly forge: string;
  readonly owner: string;
  readonly name: string;
  readonly number: number;
};

/** The page of a run: `https://ci.example.org/runs/gitea-14497/`. */
export type RunAddress = { readonly id: string; readonly folder: string };

/** True for what is looked for on the network and not on the disk. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** `https://host[/sub]/owner/name/pulls/3`, as a browser shows it at any of its pages; null for anything else. */
export function readPullAddress(text: string): PullAddress | null {
  const url = readUrl(text);
  const found = /^(?<sub>.*)\/(?<owner>[^/]+)\/(?<name>[^/]+)\/pulls\/(?<number>[1-9]\d{0,8})(?:\/.*)?$/.exec(
    url?.pathname ?? '',
  );
  if (url === null || found?.groups === undefined) return null;
  const { sub, owner = '', name = '', number } = found.groups;
  return {
    forge: `${url.origin}${sub}`,
    owner: decodeURIComponent(owner),
    name: decodeURIComponent(name),
    number: Number(number),
  };
}

/** The page of a run, or one of the files beside it; null for anything else. */
export function readRunAddress(text: string): RunAddress | null {
  const url = readUrl(text);
  const found = /^(?<folder>.*\/runs\/(?<id>[a-zA-Z0-9][a-zA-Z0-9.-]{0,79}))(?:\/[a-z.-]*)?$/.exec(
    url?.pathname ?? '',
  );
  if (url === null || found?.groups === undefined) return null;
  const { folder, id = '' } = found.groups;
  return { id, folder: `${url.origin}${folder}/` };
}

function readUrl(text: string): URL | null {
  try {
    return isWebAddress(text) ? new URL(text) : null;
  } catch {
    return null;
  }
}
