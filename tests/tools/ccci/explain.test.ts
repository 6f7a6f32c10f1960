import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { paint } from '@ccci/lib/pages/paint.ts';
import { columnsOf } from '@ccci/lib/pages/width.ts';
import { runFinishedExample } from '@ccci/lib/records/run-finished.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { explainRun } from '../../../tools/ccci/explain/words.ts';

const longer = (text: string) => text.split('\n').filter((line) => columnsOf(line) > 80);

t.test('explain: all but the line that is to be copied; whole where there is no terminal', async (t) => {
  const collector = makeCollector();
  const summary = 'upgrade did not land: Swarm paused the update of app after 1 failed task, and more of it';
  const [stage] = runFinishedExample.stages;
  const stages = [{ ...stage!, status: 'fail' as const, cause: 'recipe' as const, summary }];
  const operator = ['a new secret db_password has to be made before the upgrade: abra app secret generate'];
  collector.add(triggerExample);
  collector.add({ ...runFinishedExample, stages, operator, reason: summary });
  const [view] = collector.views();
  const narrow = explainRun(view!, { paints: paint(false), columns: 80 });
  t.same(
    longer(narrow).filter((line) => !line.startsWith('  ccci test ')),
    [],
    narrow,
  );
  t.match(narrow, /\n {6}upgrade did not land: .*\n {6}\S/, 'a summary goes on below itself');
  t.match(narrow, /\n {2}- a new secret .*\n {4}\S/);
  t.match(explainRun(view!, { paints: paint(false), columns: 0 }), summary);
});
