import { readRefusal } from '@ccci/lib/swarm/refusal.ts';
import t from 'tap';

t.test('an external object that nobody made is named, with the service that needs it', async (t) => {
  t.match(readRefusal('blog', 'service app: config not found: blog_theme_v1'), {
    kind: 'object-missing',
    cause: 'recipe',
    service: 'app',
    summary: /^app needs the config blog_theme_v1, which does not exist: /,
  });
  t.match(
    readRefusal('blog', 'service app: secret not found: blog_key_v1').summary,
    /the secret blog_key_v1/,
  );
  const network =
    'network "other" is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed';
  t.match(readRefusal('blog', network), { kind: 'object-missing', summary: /the network other, which/ });
});

t.test('a port that another service has: the recipe is to blame only for its own', async (t) => {
  const words = (holder: string) =>
    `failed to create service blog_app: Error response from daemon: rpc error: code = InvalidArgument desc = port '8082' is already in use by service '${holder}' (uqdrjv7pikyeywxxbr61zxbyl) as an ingress port`;
  t.same(readRefusal('blog', words('blog_db')), {
    kind: 'port-taken',
    cause: 'recipe',
    service: 'app',
    summary: 'app cannot have port 8082: db of the same recipe has it; let one of them publish another',
  });
  t.match(readRefusal('blog', words('shop_db')), {
    kind: 'port-taken',
    cause: 'infra',
    summary: 'app cannot have port 8082: the service shop_db, which is not of this deployment, has it',
  });
});

t.test('words that are not known stay, in one line', async (t) => {
  t.same(readRefusal('blog', 'service app: undefined\nvolume "x\u001b[31m"'), {
    kind: 'refused',
    cause: 'recipe',
    service: '',
    summary: 'Swarm does not take the stack: service app: undefined volume "x\\u001b[31m"',
  });
});
