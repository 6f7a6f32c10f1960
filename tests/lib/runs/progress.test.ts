import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openProgress } from '@ccci/lib/runs/progress.ts';
import t from 'tap';

t.test('the stage that began last, whatever the log lines say', async (t) => {
  const runs = t.testdir();
  const progress = openProgress(runs);
  t.equal(await progress.stageOf('gitea-1'), null, 'no directory');
  mkdirSync(join(runs, 'gitea-1'));
  const write = (text: string) => appendFileSync(join(runs, 'gitea-1', 'events.ndjson'), text);
  write(
    '{"type":"stage.started","stage":"install"}\n{"type":"log","line":"\\"stage.started\\" \\"upgrade\\""}\n',
  );
  write('{"type":"log","line":"x","stage.started":"é"}\nno JSON "stage.started"\nnull\n');
  t.equal(await progress.stageOf('gitea-1'), 'install');
  write('{"type":"stage.started","sta');
  t.equal(await progress.stageOf('gitea-1'), 'install', 'half a line');
  write('ge":"custom"}\n');
  t.equal(await progress.stageOf('gitea-1'), 'custom');
  write('{"type":"stage.started","stage":"juggling"}\n');
  t.equal(await progress.stageOf('gitea-1'), 'custom', 'no stage of ours');
  progress.keep(new Set());
  t.equal(await progress.stageOf('gitea-1'), 'custom', 'read again');
});
