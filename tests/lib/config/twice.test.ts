import { enrolledTwice } from '@ccci/lib/config/twice.ts';
import t from 'tap';

const at = (url: string, organisations: readonly string[], repositories: readonly string[] = []) => ({
  url,
  organisations: [...organisations],
  repositories: [...repositories],
});

const here = 'https://git.example.org';

const twice = {
  'one organisation': [at(here, ['recipes']), at(here, ['recipes'])],
  'the same in other letters': [at(here, ['RECIPES']), at('HTTPS://Git.example.org:443/', ['Recipes'])],
  'the same with a user': [at(here, ['recipes']), at('https://bot:x@git.example.org/', ['recipes'])],
  'a repository of an organisation': [at(here, ['recipes']), at(here, [], ['recipes/app'])],
  'an organisation whose repository is named before': [at(here, [], ['recipes/app']), at(here, ['recipes'])],
  'one repository': [at(here, [], ['recipes/app']), at(here, ['other'], ['Recipes/App'])],
};

for (const [title, [first, second]] of Object.entries(twice)) {
  t.test(`twice: ${title}`, async (t) => {
    const [problem, ...more] = enrolledTwice({ first: first!, second: second! });
    t.equal(problem?.forge, 'second');
    t.match(
      problem?.message,
      /^recipes.* is enrolled in forges\.first, which is the same server: .*run twice/i,
    );
    t.same(more, []);
  });
}

const once = {
  'two servers': [at(here, ['recipes']), at('https://other.example.org', ['recipes'])],
  'two organisations of one server': [at(here, ['recipes']), at(here, ['others'])],
  'a server in a folder of another': [at(here, ['recipes']), at(`${here}/forge`, ['recipes'])],
  'an organisation, and a repository that has its name': [at(here, ['app']), at(here, [], ['recipes/app'])],
  'a repository with the begin of the name': [at(here, ['rec']), at(here, [], ['recipes/app'])],
};

for (const [title, [first, second]] of Object.entries(once)) {
  t.test(`once: ${title}`, async (t) => {
    t.same(enrolledTwice({ first: first!, second: second! }), []);
  });
}
