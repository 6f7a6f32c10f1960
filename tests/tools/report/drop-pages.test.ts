import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { dropPages } from '../../../tools/report/drop-pages.ts';

t.test('pages of removed runs go, and nothing else', async (t) => {
  const dir = t.testdir();
  const runs = join(dir, 'runs');
  const pages = join(dir, 'pages');
  for (const id of ['gitea-1', 'gitea-2']) mkdirSync(join(runs, id), { recursive: true });
  const publish = (id: string, file: string) => {
    mkdirSync(join(pages, 'runs', id), { recursive: true });
    writeFileSync(join(pages, 'runs', id, file), '');
  };
  for (const id of ['gitea-1', 'gitea-2', 'gitea-3', '.hidden', 'Not-A-Run']) publish(id, 'badge.svg');
  publish('gitea-4', 'index.html');
  await dropPages(pages, runs);
  const left = () => readdirSync(join(pages, 'runs')).sort();
  const others = ['.hidden', 'Not-A-Run', 'gitea-4'];
  t.same(left(), [...others, 'gitea-1', 'gitea-2'].sort(), 'only a whole page of ours whose run is gone');
  rmSync(join(runs, 'gitea-1'), { recursive: true });
  await dropPages(pages, runs);
  t.same(left(), [...others, 'gitea-2'].sort());
  rmSync(runs, { recursive: true });
  await dropPages(pages, runs);
  t.same(left(), [...others, 'gitea-2'].sort(), 'where no run is to be seen, their disk may be away');
  await dropPages(join(dir, 'nowhere'), runs);
});
