import t from 'tap';
import { readHint, whyIgnored } from '../../../tools/hook/hint.ts';

const read = (value: unknown) =>
  readHint(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const named = (full_name: unknown) => read({ repository: { full_name } });

t.test('what is read of a payload', async (t) => {
  t.same(
    read({
      action: 'created',
      repository: { full_name: 'Org/my.app' },
      comment: { id: 7, body: 'x' },
      more: 1,
    }),
    {
      repository: { owner: 'Org', name: 'my.app' },
      action: 'created',
      commentId: 7,
    },
  );
  t.same(named('org/app'), { repository: { owner: 'org', name: 'app' }, action: '', commentId: null });
});

t.test('an id that is none', async (t) => {
  for (const id of [0, -1, 1.5, 2 ** 53, '7', null, {}, undefined]) {
    t.equal(read({ repository: { full_name: 'org/app' }, comment: { id } })?.commentId, null, String(id));
  }
  t.equal(read({ repository: { full_name: 'org/app' }, comment: 'x', action: 7 })?.action, '');
});

t.test('a name that is none leads nowhere, least of all elsewhere on the forge', async (t) => {
  const names = [
    '',
    '/',
    'org',
    'org/',
    '/app',
    'org/app/x',
    '../x',
    'org/..',
    './x',
    'org/.',
    'org/a b',
    'org/a?b',
  ];
  for (const name of [
    ...names,
    'org/a%2e',
    'org/app\n',
    'org/ä',
    `org/${'a'.repeat(101)}`,
    7,
    null,
    ['org/app'],
    {},
  ]) {
    t.equal(named(name), null, String(name));
  }
  t.same(named('.profile/..x')?.repository, { owner: '.profile', name: '..x' });
});

t.test('what is no payload', async (t) => {
  for (const text of ['', '{', 'null', '[]', '7', '"org/app"', '{"repository":null}', '['.repeat(500_000)]) {
    t.equal(read(text), null, text.slice(0, 20));
  }
  t.equal(readHint(Buffer.from([0xff, 0xfe, 0x00])), null);
  t.equal(read('{"__proto__":{"repository":{"full_name":"org/app"}}}'), null);
});

t.test('Gitea and Forgejo name the event alike', async (t) => {
  const hint = read({ action: 'created', repository: { full_name: 'org/app' }, comment: { id: 7 } })!;
  for (const name of ['gitea', 'forgejo']) {
    const headers = {
      [`x-${name}-event`]: 'issue_comment',
      [`x-${name}-event-type`]: 'pull_request_comment',
    };
    t.equal(whyIgnored(headers, hint), null);
    t.match(whyIgnored(headers, { ...hint, action: 'edited' }), /being created/);
    t.match(whyIgnored(headers, { ...hint, commentId: null }), /names no comment/);
    t.match(whyIgnored({ ...headers, [`x-${name}-event`]: 'pull_request_comment' }, hint), /not a comment/);
  }
  t.match(whyIgnored({}, hint), /not a comment/);
});
