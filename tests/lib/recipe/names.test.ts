import { checkServiceName, runDomain, secretName, stackName } from '@ccci/lib/recipe/names.ts';
import t from 'tap';

t.test('stack name: dots become underscores, cut at 45', async (t) => {
  t.equal(stackName('ghos-a1b2c3.ci.example.org'), 'ghos-a1b2c3_ci_example_org');
  t.equal(stackName(`${'a'.repeat(44)}.bcd`), `${'a'.repeat(44)}_`);
});

t.test('domain of a run', async (t) => {
  const first = runDomain({ recipe: 'Ghost-blog', run: 'gitea-14497', base: 'ci.example.org' });
  t.match(first, /^ghos-[0-9a-f]{6}\.ci\.example\.org$/);
  t.equal(
    runDomain({ recipe: 'Ghost-blog', run: 'gitea-14497', base: 'ci.example.org' }),
    first,
    'the same again',
  );
  t.not(
    runDomain({ recipe: 'ghost', run: 'gitea-14498', base: 'ci.example.org' }),
    first,
    'another run, another domain',
  );
  const second = runDomain({
    recipe: 'ghost',
    run: 'gitea-14497',
    base: 'ci.example.org',
    taken: (d) => d === first,
  });
  t.match(second, /^ghos-[0-9a-f]{6}\.ci\.example\.org$/);
  t.not(second, first, 'the next digits while taken');
  t.match(runDomain({ recipe: '--', run: 'x', base: 'b' }), /^app-/);
  t.throws(() => runDomain({ recipe: 'a', run: 'b', base: 'c', taken: () => true }), {
    code: 'no-free-domain',
  });
  t.throws(() => runDomain({ recipe: 'a', run: 'b', base: 'Not A Domain' }), {
    code: 'bad-domain',
    status: 78,
  });
});

t.test('limits of Swarm are errors', async (t) => {
  t.equal(secretName('a_example_com', 'db_password', 'v1'), 'a_example_com_db_password_v1');
  t.throws(() => secretName('a_example_com', 'db_password', ''), { code: 'no-version' });
  t.equal(secretName('s'.repeat(45), 'n'.repeat(15), 'v1').length, 64);
  t.throws(() => secretName('s'.repeat(45), 'n'.repeat(16), 'v1'), {
    code: 'name-too-long',
    message: /65 characters/,
  });
  t.doesNotThrow(() => checkServiceName('s'.repeat(63)));
  t.throws(() => checkServiceName('s'.repeat(64)), { code: 'name-too-long' });
});
