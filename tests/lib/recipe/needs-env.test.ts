import { expandText } from '@ccci/lib/recipe/env-file.ts';
import { fillNeeds, needsVariables, unknownNeeds } from '@ccci/lib/recipe/needs-env.ts';
import t from 'tap';

const facts = { name: 'key-cloak', domain: 'keyc-1.ci.example', url: 'http://keyc-1.ci.example' };
const values = needsVariables({
  ...facts,
  version: '1.0.0+2',
  credentials: { client_secret: 'a$b${DOMAIN}c' },
});

t.test('a needed recipe gives its address, its version and its credentials', async (t) => {
  t.same(values, {
    NEEDS_KEY_CLOAK_CLIENT_SECRET: 'a$b${DOMAIN}c',
    NEEDS_KEY_CLOAK_DOMAIN: 'keyc-1.ci.example',
    NEEDS_KEY_CLOAK_URL: 'http://keyc-1.ci.example',
    NEEDS_KEY_CLOAK_VERSION: '1.0.0+2',
  });
});

t.test('a credential cannot take the place of an address', async (t) => {
  const tricky = needsVariables({ ...facts, version: '1', credentials: { domain: 'elsewhere.example' } });
  t.equal(tricky.NEEDS_KEY_CLOAK_DOMAIN, 'keyc-1.ci.example');
});

t.test('values come through the expansion of the app’s environment unchanged', async (t) => {
  const { SECRET = '' } = fillNeeds({ SECRET: 'x${NEEDS_KEY_CLOAK_CLIENT_SECRET}y' }, values);
  t.equal(expandText(SECRET, { DOMAIN: 'wrong', b: 'wrong' }), 'xa$b${DOMAIN}cy');
  t.same(fillNeeds({ A: '${NEEDS_OTHER}', B: '${DOMAIN}' }, values), { A: '', B: '${DOMAIN}' });
});

t.test('what nobody provides is named with the nearest that is', async (t) => {
  t.same(unknownNeeds({ A: '${NEEDS_KEY_CLOAK_CLIENT_SECRT}', B: '${NEEDS_KEY_CLOAK_URL}' }, values), [
    '${NEEDS_KEY_CLOAK_CLIENT_SECRT}; did you mean NEEDS_KEY_CLOAK_CLIENT_SECRET?',
  ]);
});
