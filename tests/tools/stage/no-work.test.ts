/** A stage on a queue in which nothing waits: it needs no engine, so it neither asks one nor waits for its answer. */

import { join } from 'node:path';
import t from 'tap';
import { serve } from '../../lib/swarm/answers.ts';
import { type Home, makeHome } from './home.ts';
import { start } from './start.ts';

t.test('an engine that never answers does not hold up a stage without work', async (t) => {
  const home = makeHome(t.testdir());
  const asked: string[] = [];
  const engine = await serve(t, (path) => {
    asked.push(path);
    return null;
  });
  t.match(await idle(home, engine.host), { exit: 0, records: [], stderr: '' });
  t.same(asked, []);
});

t.test('an engine that is not there is no matter while there is no work', async (t) => {
  const home = makeHome(t.testdir());
  const ended = await idle(home, `unix://${join(home.dir, 'no.sock')}`);
  t.match(ended, { exit: 0, records: [], stderr: '' });
});

function idle(home: Home, engine: string) {
  const flags = ['--spool', home.state, '--docker-host', engine, '--idle-ms', '1'] as const;
  return start(['ccci-stage', ...flags], { cwd: home.dir, env: home.env }).ended;
}
