/** What tests do with repositories. */
import { resolve } from 'node:path';
import { findRepository } from './find.ts';
import { accountNamed } from './people.ts';
import { readHead } from './refs.ts';
import { changed, type Repository, type Store } from './store.ts';

/** `forkOf` is `owner/name`; `pulls: false` turns pull requests off. */
export type RepositoryOptions = {
  readonly private?: boolean;
  readonly forkOf?: string;
  readonly pulls?: boolean;
};

export type Repositories = {
  /** `path` is a bare repository, absolute or below the forge's root. */
  readonly addRepository: (
    owner: string,
    name: string,
    path: string,
    options?: RepositoryOptions,
  ) => { readonly id: number };
  /** The old name answers 301 from now on. */
  readonly renameRepository: (owner: string, name: string, newName: string, newOwner?: string) => void;
  readonly removeRepository: (owner: string, name: string) => void;
  readonly archiveRepository: (owner: string, name: string) => void;
};

/** The verbs for repositories; relative paths begin at `root`. */
export function repositories(store: Store, root: string): Repositories {
  return {
    addRepository: (owner: string, name: string, path: string, options: RepositoryOptions = {}) => {
      const repository = newRepository(store, { owner, name, path: resolve(root, path) }, options);
      store.repositories.push(repository);
      return { id: repository.id };
    },
    renameRepository: (owner: string, name: string, newName: string, newOwner = owner) => {
      const repository = repositoryNamed(store, owner, name);
      store.renamed.set(`${owner}/${name}`.toLowerCase(), repository.id);
      repository.owner = newOwner;
      repository.name = newName;
      changed(store);
    },
    removeRepository: (owner: string, name: string) => {
      store.repositories.splice(store.repositories.indexOf(repositoryNamed(store, owner, name)), 1);
      changed(store);
    },
    archiveRepository: (owner: string, name: string) => {
      repositoryNamed(store, owner, name).isArchived = true;
      changed(store);
    },
  };
}

/** The repository of this name, or an error that says that the test has not made it. */
export function repositoryNamed(store: Store, owner: string, name: string): Repository {
  const repository = findRepository(store, owner, name);
  if (repository === undefined)
    throw new Error(`the forge has no repository ${owner}/${name}: addRepository first`);
  return repository;
}

type Named = { readonly owner: string; readonly name: string; readonly path: string };

function newRepository(store: Store, { owner, name, path }: Named, options: RepositoryOptions): Repository {
  accountNamed(store, owner);
  if (readHead(path) === null) throw new Error(`${path} is no bare repository`);
  const [parentOwner = '', parentName = ''] = (options.forkOf ?? '').split('/');
  return {
    id: store.nextId('repository'),
    owner,
    name,
    path,
    isPrivate: options.private ?? false,
    isArchived: false,
    hasPulls: options.pulls ?? true,
    forkOf: options.forkOf === undefined ? null : repositoryNamed(store, parentOwner, parentName).id,
    createdAt: store.now(),
    issues: [],
    statuses: [],
  };
}
