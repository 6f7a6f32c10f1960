import { execFileSync } from 'node:child_process';
import { commandScript, definesFunction, parseCommands } from '@ccci/lib/recipe/commands.ts';
import t from 'tap';

t.test('commands are a service, a function and its arguments, apart by |', async (t) => {
  t.same(parseCommands(''), []);
  t.same(parseCommands('app initialise|db set_style "very easy" |  app  migrate'), [
    { service: 'app', name: 'initialise', args: '' },
    { service: 'db', name: 'set_style', args: '"very easy"' },
    { service: 'app', name: 'migrate', args: '' },
  ]);
  t.match(parseCommands('app'), /"app": a service and a function of abra\.sh are expected/);
  t.match(parseCommands('app $(reboot)'), /a function of abra\.sh/);
});

t.test('a function is found as shells write it', async (t) => {
  for (const text of ['one() {\n:\n}', 'function one () {', '  one ()\n{', 'X=1\none(){ :; }'])
    t.ok(definesFunction(text, 'one'), text);
  for (const text of ['# one() {', 'one', 'someone() {', 'one_more() {'])
    t.notOk(definesFunction(text, 'one'), text);
});

t.test('the shell gets the functions, who is meant, and the call', async (t) => {
  const abra = 'export A_VERSION=v1\nsay() { echo "$1 to $TARGET of $STACK_NAME at $APP_NAME"; }';
  const command = { service: 'app', name: 'say', args: '"good day"' };
  const script = commandScript(abra, command, { domain: 'a.example', stack: 'a_example' });
  t.equal(
    execFileSync('sh', ['-c', script], { encoding: 'utf8' }),
    'good day to app of a_example at a.example\n',
  );
});
