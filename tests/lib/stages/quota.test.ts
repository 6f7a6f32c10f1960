import { judgeQuota, watchQuota } from '@ccci/lib/stages/quota.ts';
import t from 'tap';

const mebibyte = 1024 * 1024;
const stack = 'ghos-a94a8f_ccci_test';
const use = (kind: 'volume' | 'container', name: string, mb: number) => ({
  kind,
  name,
  bytes: mb * mebibyte,
});

t.test('a run that holds more than its quota has filled the disk', async (t) => {
  const uses = [use('volume', `${stack}_data`, 60), use('container', `${stack}_app.1.x7x7`, 50)];
  t.equal(judgeQuota(uses, { quotaMb: 110, stack }), null);
  t.match(judgeQuota(uses, { quotaMb: 109, stack }), {
    verdict: 'over-quota',
    why: 'filled the disk: its volumes and containers hold 110 MiB, most of it in volume data (60 MiB); 109 MiB are allowed (stage.quotaMb)',
  });
  t.match(judgeQuota([use('container', `${stack}_app.1.x7x7`, 50)], { quotaMb: 10, stack }), {
    why: /most of it in a container of app \(50 MiB\)/,
  });
  t.equal(judgeQuota([], { quotaMb: 1, stack }), null);
});

t.test('it is watched until it ends; what the engine does not answer is asked again', async (t) => {
  let looks = 0;
  const ended = await new Promise((end) => {
    const look = async () => {
      looks += 1;
      if (looks === 1) throw new Error('the engine is away');
      return [use('volume', `${stack}_data`, looks === 2 ? 1 : 100)];
    };
    watchQuota({ quotaMb: 10, stack, look, end, now: () => 0, restMs: 1 });
  });
  t.match(ended, { verdict: 'over-quota' });
  t.equal(looks, 3);
});
