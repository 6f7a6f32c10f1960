import { decideAccess } from '@ccci/lib/forge/access.ts';
import type { Membership } from '@ccci/lib/forge/types.ts';
import t from 'tap';

const decide = (answer: Membership | 'unasked', allow: readonly string[] = []) =>
  decideAccess({
    login: 'ana',
    organisation: 'org',
    allow,
    membership: async () => {
      if (answer === 'unasked') throw new Error('asked');
      return answer;
    },
  });

t.test('L04 only a yes is a yes', async (t) => {
  t.same(await decide('yes'), { kind: 'yes' });
  t.match(await decide('no'), { kind: 'no', detail: 'ana is not a member of org and not on the allow list' });
  t.match(await decide('later'), { kind: 'later', message: /ana is a member of org/ });
  t.match(await decide('hidden'), { kind: 'later', hint: 'make the bot user a member of org' });
});

t.test('the allow list comes first, whatever the case', async (t) => {
  t.same(await decide('unasked', ['eve', 'Ana']), { kind: 'yes' });
  t.match(await decide('no', ['anan']), { kind: 'no' });
});
