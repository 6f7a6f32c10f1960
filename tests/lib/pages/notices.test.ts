import { deservesAnswer, noticeLines } from '@ccci/lib/pages/notices.ts';
import { type Drop, dropExample, dropReasonSchema } from '@ccci/lib/records/drop.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';

const comment = triggerExample.comment!;
const drop = (changes: Partial<Drop>): Drop => ({
  ...dropExample,
  pr: triggerExample.pr,
  comment,
  ...changes,
});

t.test('L05 who gets an answer, and who does not', async (t) => {
  const answered = dropReasonSchema.options.filter((reason) => deservesAnswer(drop({ reason })));
  t.same(answered, [
    'not-allowed',
    'not-enrolled',
    'not-a-recipe',
    'closed',
    'grammar',
    'help',
    'moved',
    'limit',
  ]);
  t.notOk(deservesAnswer({ ...drop({}), comment: undefined }), 'nobody to answer');
  t.notOk(deservesAnswer({ ...drop({}), pr: undefined }), 'nowhere to answer');
});

t.test('lines are short, kind and say what to do', async (t) => {
  const line = (changes: Partial<Drop>) => noticeLines([drop(changes)], '!testme')[0];
  t.equal(
    line({}),
    '- To `ana`: nothing was tested: mallory is not a member of recipes and not on the allow list.',
  );
  t.equal(
    line({ reason: 'closed', detail: 'the pull request is closed' }),
    '- To `ana`: nothing was tested: the pull request is closed; open it again and comment `!testme`.',
  );
  t.notMatch(line({ reason: 'closed', detail: 'the pull request is merged' }), 'open it again');
  t.match(line({ reason: 'help' }), '`!testme --quick`');
});

t.test('one per person, ten at most', async (t) => {
  const by = (author: string, detail = 'no') => drop({ comment: { ...comment, author }, detail });
  t.equal(noticeLines([by('eve'), by('eve', 'again no'), by('mallory')], '!testme').length, 2);
  t.equal(
    noticeLines(
      Array.from({ length: 50 }, (_, index) => by(`eve${index}`)),
      '!testme',
    ).length,
    10,
  );
});
