import { mergeCompose } from '@ccci/lib/lint/merge.ts';
import t from 'tap';

t.test('merges all files as they are written', async (t) => {
  const stack = mergeCompose([
    {
      name: 'compose.yml',
      text: 'version: "3.8"\nx-a: &a {labels: [a=1]}\nservices: {app: {<<: *a, image: "a:1", environment: [A=1, B]}}',
    },
    {
      name: 'compose.db.yml',
      text: 'services: {app: {environment: {C: "3"}}, db: {image: "b:${V}"}}\nvolumes: {data: }',
    },
    { name: 'compose.empty.yml', text: '# nothing\n' },
  ]);
  t.match(stack, {
    version: '3.8',
    services: {
      app: { image: 'a:1', labels: { a: '1' }, environment: { A: '1', B: '', C: '3' } },
      db: { image: 'b:${V}' },
    },
    volumes: { data: null },
  });
});

t.test('names the file that cannot be read', async (t) => {
  t.throws(() => mergeCompose([{ name: 'compose.bad.yml', text: 'a: [' }]), {
    code: 'bad-compose',
    message: /^compose\.bad\.yml: /,
  });
  t.throws(() => mergeCompose([{ name: 'compose.bad.yml', text: '- a' }]), {
    code: 'bad-compose',
    message: /a map is expected/,
  });
  t.same(mergeCompose([]).services, {});
});
