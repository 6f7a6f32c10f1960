import { relative } from 'node:path';
import { type Disk, realDisk } from '@ccci/lib/state/files.ts';

/** A real disk that notes what changes it, `write queue/tmp/a`, and can break at the n-th such operation. */
export type RecordingDisk = Disk & { readonly notes: string[] };

export type RecordingOptions = {
  /** Paths are noted relative to it. */
  readonly root: string;
  /** Number of the operation, from 1, that throws instead of working. */
  readonly breakAt?: number;
  readonly error?: Error;
};

export function recordingDisk({ root, breakAt, error = new Error('cut') }: RecordingOptions): RecordingDisk {
  const notes: string[] = [];
  const note = (what: string, ...paths: string[]) => {
    notes.push([what, ...paths.map((path) => relative(root, path) || '.')].join(' '));
    if (breakAt !== undefined && notes.length >= breakAt) throw error;
  };
  return {
    ...realDisk,
    notes,
    write: async (path, content) => {
      note('write', path);
      await realDisk.write(path, content);
    },
    append: async (path, content) => {
      note('append', path);
      await realDisk.append(path, content);
    },
    sync: async (path) => {
      note('sync', path);
      await realDisk.sync(path);
    },
    rename: async (from, to) => {
      note('rename', from, to);
      await realDisk.rename(from, to);
    },
    link: async (from, to) => {
      note('link', from, to);
      return realDisk.link(from, to);
    },
    remove: async (path) => {
      note('remove', path);
      await realDisk.remove(path);
    },
  };
}
