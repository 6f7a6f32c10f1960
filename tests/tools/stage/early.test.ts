/** What a stage on a queue does before it has found any work: it was started for some. */

import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import { serve } from '../../lib/swarm/answers.ts';
import { type Home, makeHome } from './home.ts';
import { start } from './start.ts';

t.test('the engine is asked while the queue is looked at, not after', async (t) => {
  const home = makeHome(t.testdir());
  const asked: string[] = [];
  const server = new EventEmitter();
  const engine = await serve(t, (path) => {
    asked.push(path);
    server.emit('asked');
    return [200, {}];
  });
  const both = once(server, 'asked').then(() => once(server, 'asked'));
  const stage = stageOn(home, '--docker-host', engine.host);
  await Promise.race([both, stage.ended]);
  stage.signal('SIGTERM');
  t.match(await stage.ended, { exit: 143, records: [] });
  t.same(asked.sort(), ['/v1.41/info', '/v1.41/version']);
});

t.test('an engine that is not there is no matter while there is no work', async (t) => {
  const home = makeHome(t.testdir());
  const stage = stageOn(home, '--docker-host', `unix://${join(home.dir, 'no.sock')}`, '--idle-ms', '1');
  t.match(await stage.ended, { exit: 0, records: [], stderr: '' });
});

function stageOn(home: Home, ...flags: string[]) {
  return start(['ccci-stage', '--spool', home.state, ...flags], { cwd: home.dir, env: home.env });
}
