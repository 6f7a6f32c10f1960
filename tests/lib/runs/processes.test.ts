import { isOfRun } from '@ccci/lib/runs/processes.ts';
import t from 'tap';

const run = { directory: '/runs/gitea-1', stacks: ['ghos-a94a8f_ccci_test'] };
const seen = (line: string, cwd: string | null = '/') => ({ pid: 7, args: line.split(' '), cwd });

t.test('L23 what a dead run left running is told by its folder and its stack', async (t) => {
  const deploy = '/usr/bin/docker stack deploy --compose-file - --prune';
  for (const [line, cwd] of [
    [`${deploy} ghos-a94a8f_ccci_test`, '/'],
    ['docker stack config --compose-file -', '/runs/gitea-1/work/checkout/head'],
    ['git -C /runs/gitea-1/work/checkout/head fetch', '/'],
    ['restic --repo /runs/gitea-1/work/restic backup --stdin', '/'],
    ['/usr/bin/bwrap --ro-bind /runs/gitea-1/work/hooks /tests', '/'],
  ] as const)
    t.ok(isOfRun(seen(line, cwd), run), line);
});

t.test('nobody else’s', async (t) => {
  for (const [line, cwd] of [
    ['docker stack deploy --compose-file - ghos-ffffff_ccci_test', '/'],
    ['docker stack config --compose-file -', '/runs/gitea-11/work'],
    ['git -C /runs/gitea-1.2/work/checkout fetch', '/'],
    ['git log', '/runs/gitea-1'],
    ['bash', '/runs/gitea-1/work'],
    ['vi /runs/gitea-1/work/env', '/'],
    ['node ccci-stage --runs /runs/gitea-1/work', '/'],
    ['docker service logs ghos-a94a8f_ccci_test', '/'],
    ['', null],
  ] as const)
    t.notOk(isOfRun(seen(line, cwd), run), line);
});
