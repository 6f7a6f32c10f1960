import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from '@ccci/lib/plan/tree.ts';
import { makeRendersSame } from '@ccci/lib/stages/renders-same.ts';
import t from 'tap';
import { writeTree } from '../git/repository.ts';

const files = {
  'compose.yml':
    'version: "3.8"\nservices:\n  app:\n    image: a:1\n    configs: [conf]\n    deploy:\n      labels:\n        - "coop-cloud.${STACK_NAME}.version=1.0.0+1"\nconfigs:\n  conf:\n    name: ${STACK_NAME}_conf_${CONF_VERSION}\n    file: app.conf\n',
  '.env.sample': 'TYPE=ghost\nGREETING=Hello\n',
  'abra.sh': 'export CONF_VERSION=v1\n',
  'app.conf': 'one\n',
};

const cases: Record<string, [change: Record<string, string>, same: boolean]> = {
  'nothing at all': [{}, true],
  'the version alone': [{ 'compose.yml': files['compose.yml'].replace('1.0.0+1', '1.0.1+1') }, true],
  'a remark, and lists as maps': [{ 'compose.yml': `# a remark\n${files['compose.yml']}x-more: 1\n` }, true],
  'the default of a variable that operators have already': [
    { '.env.sample': 'TYPE=ghost\nGREETING=Hi\n' },
    true,
  ],
  'a new variable': [{ '.env.sample': `${files['.env.sample']}NEW=1\n` }, false],
  'an image': [{ 'compose.yml': files['compose.yml'].replace('a:1', 'a:2') }, false],
  'the content of a config under the same name': [{ 'app.conf': 'two\n' }, false],
  'the version of a config': [{ 'abra.sh': 'export CONF_VERSION=v2\n' }, false],
  'something that cannot be rendered': [{ 'compose.yml': 'services: [' }, false],
};

for (const [what, [change, same]] of Object.entries(cases)) {
  t.test(
    `L37 a commit that changes ${what} ${same ? 'renders the same stack' : 'is another stack'}`,
    async (t) => {
      const dir = t.testdir();
      await writeTree(join(dir, 'base'), files);
      cpSync(join(dir, 'base'), join(dir, 'head'), { recursive: true });
      await writeTree(join(dir, 'head'), change);
      const rendersSame = makeRendersSame('ghost', AbortSignal.timeout(30_000));
      const tree = await readTree(join(dir, 'tests'), 'ghost');
      t.equal(await rendersSame(join(dir, 'head'), join(dir, 'base'), tree), same);
    },
  );
}
