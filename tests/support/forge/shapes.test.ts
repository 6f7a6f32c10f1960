import { execaSync } from 'execa';
import t from 'tap';
import { allRoutes } from './api.ts';
import { startWorld } from './fixture.ts';
import { rewriteDefinitions } from './swagger-schema.ts';
import { createCheck, findSwagger } from './validate.ts';

const swagger = findSwagger();
const skip = swagger === null ? 'no gitea-swagger.json: set CCCI_GITEA_SWAGGER to check all shapes' : false;

/** Tags a commit of the fixture's repository. */
function tag(dir: string, name: string, commit: string, message?: string) {
  const who = ['-c', 'user.name=mia', '-c', 'user.email=mia@example.org'];
  const own = message === undefined ? [] : ['-a', '-m', message];
  execaSync('git', [...who, 'tag', ...own, name, commit], { cwd: `${dir}/app.git` });
}

t.test('every endpoint answers in the shape that Gitea describes', { skip }, async (t) => {
  const { forge, ask, commits } = await startWorld(t.testdir(), { utcOffsetMinutes: 120 });
  t.teardown(forge.close);
  const made = forge.comment('org', 'app', 1, 'mia', 'hello');
  forge.openIssue('org', 'app', { title: 'a plain issue', author: 'eve' });
  forge.push('org', 'app', 1, commits.next);
  forge.closePull('org', 'app', 1);
  tag(t.testdirName, '1.0.0+1', 'main', 'annotated');
  tag(t.testdirName, 'mark', 'main');
  const app = '/repos/org/app';
  const one = `${app}/issues/comments/${made.id}`;
  const post = (body: object) => ({ method: 'POST', body });
  const calls: [string, object?][] = [
    ['/version'],
    ['/settings/api'],
    ['/settings/ui'],
    ['/settings/attachment'],
    ['/user'],
    ['/users/eve'],
    ['/orgs/org/members/mia'],
    ['/orgs/org/public_members/mia'],
    ['/orgs/org/repos'],
    [app],
    [`${app}/branches/main`],
    [`${app}/tags`],
    [`${app}/commits?limit=2`],
    [`${app}/git/commits/${commits.head}`],
    ['/repos/issues/search?state=all'],
    [`${app}/issues?state=all`],
    [`${app}/issues/1`],
    [`${app}/issues/2`],
    [`${app}/issues/comments`],
    [`${app}/issues/1/comments`],
    [`${app}/issues/1/comments`, post({ body: 'an answer' })],
    [one],
    [one, { method: 'PATCH', body: { body: 'edited' } }],
    [`${one}/reactions`],
    [`${one}/reactions`, post({ content: 'eyes' })],
    [`${one}/reactions`],
    [`${one}/reactions`, { method: 'DELETE', body: { content: 'eyes' } }],
    [`${app}/issues/1/timeline`],
    [`${app}/issues/2/timeline`],
    [`${app}/pulls?state=all`],
    [`${app}/pulls/1`],
    [`${app}/commits/${commits.head}/status`],
    [`${app}/statuses/${commits.head}`, post({ state: 'pending', context: 'ccci' })],
    [`${app}/statuses/${commits.head}`],
    [`${app}/commits/main/statuses`],
    [`${app}/commits/${commits.head}/status`],
    [one, { method: 'DELETE' }],
  ];
  for (const [path, options] of calls) {
    const { status, text } = await ask(path, options);
    t.ok(status < 300 || path.includes('public_members'), `${path} ${status} ${text.slice(0, 200)}`);
  }
  t.same(forge.problems, []);
  t.test('and none was left out', async (t) => {
    const asked = forge.requests.map(({ method, path }) => `${method} ${path}`);
    for (const { method, path } of allRoutes) {
      const pattern = new RegExp(`^${method} /api/v1${path.replace(/\{\w+\}/g, '[^/]+')}([?]|$)`);
      t.ok(
        asked.some((one) => pattern.test(one)),
        `${method} ${path}`,
      );
    }
  });
});

t.test('the check finds a missing, a wrong and an unknown field', { skip }, async (t) => {
  const check = createCheck(swagger!);
  const route = allRoutes.find(({ path }) => path === '/version')!;
  t.same(check(route, { status: 200, body: { version: '1' } }), []);
  t.match(check(route, { status: 200, body: {} }).join(), /must have required property 'version'/);
  t.match(check(route, { status: 200, body: { version: 1 } }).join(), /version must be string/);
  t.match(check(route, { status: 200, body: { version: '1', more: 1 } }).join(), /additional properties/);
  t.same(check(route, { status: 404, body: {} }), [], 'errors are not described');
  t.match(check(route, { status: 201, body: {} }).join(), /not in the description/);
});

t.test('definitions become strict JSON Schema', async (t) => {
  const user = { properties: { id: { type: 'integer', 'x-go-name': 'ID', example: 1 } } };
  const issue = { properties: { user: { $ref: '#/definitions/User' }, pull_request: { type: 'object' } } };
  const { User, Issue } = rewriteDefinitions({ User: user, Issue: issue });
  t.strictSame(User, {
    properties: { id: { type: 'integer' }, username: { type: 'string' } },
    required: ['id', 'username'],
    additionalProperties: false,
  });
  t.strictSame(Issue!.properties, {
    user: { $ref: '#/$defs/User' },
    pull_request: { anyOf: [{ type: 'object' }, { type: 'null' }] },
  });
});
