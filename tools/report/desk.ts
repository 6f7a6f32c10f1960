import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import type { CommentSettings } from '@ccci/lib/pages/comment.ts';
import type { StatusSettings } from '@ccci/lib/pages/status.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import type { Where } from './entry.ts';
import type { Edits } from './pace.ts';

export type Settings = CommentSettings &
  StatusSettings & {
    /** A new comment for the outcome, so that people are told; false edits in place. */
    readonly notify: boolean;
  };

/** What bringing a pull request to its state needs. */
export type Desk = Where & {
  readonly settings: Settings;
  /** Connects once; `Failure` 78 where there is no such forge or no token to write with. */
  readonly forge: (name: string) => Promise<ForgeClient>;
  /** Writes the pages of a run; never in the way of a post. */
  readonly publish: (view: RunView) => Promise<void>;
  /** A post that failed, in words: for the log, and as an `error` record. */
  readonly complain: (key: string, error: Error, isForGood: boolean) => Promise<void>;
  /** How soon this pull request may be written over again. */
  readonly edits: Edits;
};
