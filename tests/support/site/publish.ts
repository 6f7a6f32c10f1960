import type { RunView } from '@ccci/lib/pages/view.ts';
import { makePlaces } from '@ccci/lib/runs/place.ts';
import { makePublisher } from '../../../tools/report/publish.ts';

export type Folders = { readonly state: string; readonly runs: string; readonly directory: string };

/** A publisher as `ccci-report` has one, that waits for nothing, and what it said. */
export function publisherOf(folders: Folders, views: () => readonly RunView[] = () => []) {
  const said: string[] = [];
  const publisher = makePublisher({
    ...folders,
    places: makePlaces({ ...folders, now: () => new Date('2026-11-23T10:20:00.000Z') }),
    views,
    warn: (message) => void said.push(message),
    complain: (error) => void said.push(String(error)),
    pause: async () => {},
  });
  return { ...publisher, said };
}
