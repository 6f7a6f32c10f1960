import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { checkout } from '@ccci/lib/git/checkout.ts';
import { exportCommit } from '@ccci/lib/git/export.ts';
import { resolveRef } from '@ccci/lib/git/resolve.ts';
import { discover } from '@ccci/lib/plan/discover.ts';
import { visible } from '@ccci/lib/program/visible.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { makeRepository } from './repository.ts';

const local = { allowLocal: true, forgeUrls: [] };
const compose = 'services: {app: {image: "a:1"}}\n';

async function start(dir: string) {
  const repo = await makeRepository(join(dir, 'evil'));
  const first = await repo.commit({ 'compose.yml': compose, '.env.sample': 'TYPE=evil\n' });
  return { dir, repo, first, into: join(dir, 'out') };
}

async function plan({ dir }: { dir: string }, repo: string, ref: string) {
  const { pr: _pr, forge: _forge, ...rest } = triggerExample;
  const trigger: Trigger = { ...rest, repo, ref };
  const stamping = { by: 'ccci-stage/test', now: () => new Date(0) };
  return await discover(trigger, {
    into: join(dir, 'run'),
    testsDir: join(dir, 'tests'),
    ...local,
    stamping,
  });
}

t.test('L64 options in the place of a ref, an address or a base are names and nothing else', async (t) => {
  const s = await start(t.testdir());
  const mark = join(s.dir, 'ran');
  const options = [
    `--upload-pack=touch ${mark}`,
    '-c core.pager=x',
    '--output=x',
    '-',
    '--',
    `--exec=touch ${mark}`,
  ];
  for (const ref of options) {
    await t.rejects(resolveRef(s.repo.dir, ref, local), { code: 'ref-missing' }, ref);
    await t.rejects(
      checkout({ repo: ref, ref: s.first, into: `${s.into}${options.indexOf(ref)}`, ...local }),
      {
        code: 'repo-missing',
      },
    );
  }
  mkdirSync(join(s.dir, 'tests', 'ghost'), { recursive: true });
  writeFileSync(join(s.dir, 'tests', 'ghost', 'recipe.yml'), `upgrade: { from: "--output=${mark}" }\n`);
  const found = await plan(s, s.repo.dir, s.first);
  t.match(found.plan.stages[1], {
    name: 'upgrade',
    does: 'unver',
    reason: /has no such version, branch or commit/,
  });
  t.notOk(existsSync(mark));
});

t.test(
  'branches, tags and files whose names are options, shell, other lines or escapes stay names',
  async (t) => {
    const s = await start(t.testdir());
    const mark = join(s.dir, 'ran');
    const names = [`$(touch ${mark})`, '-rf', 'a\nb', '\u001b[2J', '\u202egnp.sh', "';id;'", ' ', '*'];
    mkdirSync(join(s.repo.dir, 'tests'));
    for (const name of names)
      writeFileSync(join(s.repo.dir, 'tests', name.replaceAll('/', '_')), '#!/bin/sh\n', { mode: 0o755 });
    const ref = await s.repo.commit({});
    for (const name of ['--force', '$(id)', '`id`', ';id;', '-x'])
      execFileSync('git', ['-C', s.repo.dir, 'update-ref', `refs/tags/${name}`, ref]);
    const found = await plan(s, s.repo.dir, ref);
    t.equal(found.plan.ref, ref);
    t.equal(found.plan.warnings.length, names.length, 'each is named');
    t.notMatch(visible(found.plan.warnings.join('')), /[\u001b\u202e]/);
    t.notOk(existsSync(mark));
    t.same(readdirSync(join(found.head, 'tests')).length, names.length);
  },
);

t.test('L64 links become files: nothing outside the checkout is read through them', async (t) => {
  const s = await start(t.testdir({ secret: 'TOKEN=very-secret\n' }));
  for (const [name, to] of Object.entries({
    '.env.sample': join(s.dir, 'secret'),
    'abra.sh': '/etc/passwd',
    'conf/app.ini': '/etc/passwd',
    folder: '/',
  })) {
    execFileSync('rm', ['-f', join(s.repo.dir, name)]);
    mkdirSync(join(s.repo.dir, 'conf'), { recursive: true });
    symlinkSync(to, join(s.repo.dir, name));
  }
  const ref = await s.repo.commit({});
  const found = await plan(s, s.repo.dir, ref);
  for (const name of ['.env.sample', 'abra.sh', 'conf/app.ini', 'folder'])
    t.equal(lstatSync(join(found.head, name)).isFile(), true, name);
  t.notMatch(JSON.stringify(found.plan), /very-secret/);
  const again = await checkout({ repo: s.repo.dir, worktree: true, into: s.into, ...local });
  t.equal(lstatSync(join(again.dir, '.env.sample')).isFile(), true, 'and so in a checkout as it is');
});

t.test(
  'L64 hooks, filters, submodules and configuration of a repository never run, in base and target as well',
  async (t) => {
    const s = await start(t.testdir());
    const mark = join(s.dir, 'ran');
    const run = `touch ${mark}`;
    writeFileSync(
      join(s.repo.dir, '.gitattributes'),
      '* filter=evil diff=evil merge=evil ident export-subst\n*.yml text eol=crlf\n',
    );
    writeFileSync(
      join(s.repo.dir, '.gitmodules'),
      `[submodule "x"]\n\tpath = sub\n\turl = ext::sh -c "${run}"\n\tupdate = !${run}\n`,
    );
    const ref = await s.repo.commit({});
    execFileSync('git', ['-C', s.repo.dir, 'update-index', '--add', '--cacheinfo', `160000,${ref},sub`]);
    execFileSync('git', [
      '-C',
      s.repo.dir,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      'commit',
      '-qm',
      'sub',
    ]);
    const head = (await s.repo.git('rev-parse', 'HEAD')).trim();
    writeFileSync(
      join(s.repo.dir, '.git', 'config'),
      `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "${run}"\n\tsshCommand = "${run}"\n[filter "evil"]\n\tsmudge = "${run}; cat"\n\tprocess = "${run}"\n\trequired = true\n[uploadpack]\n\tpackObjectsHook = "${run}; exec git pack-objects"\n[alias]\n\tfetch = "!${run}"\n`,
    );
    for (const hook of ['post-checkout', 'pre-auto-gc', 'reference-transaction', 'post-upload-pack'])
      writeFileSync(join(s.repo.dir, '.git', 'hooks', hook), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
    const { dir } = await checkout({ repo: s.repo.dir, ref: head, into: s.into, ...local });
    await exportCommit({ from: dir, ref: head, into: `${s.into}-base` });
    t.notOk(existsSync(mark));
    t.same(readdirSync(join(dir, 'sub')), [], 'a submodule is an empty folder');
    t.match(readFileSync(join(dir, 'compose.yml'), 'utf8'), /services/);
  },
);

t.test('a commit that would fill the disk is refused before it is written', async (t) => {
  const s = await start(t.testdir());
  execFileSync('sh', ['-c', 'truncate -s 300M huge'], { cwd: s.repo.dir });
  const huge = await s.repo.commit({});
  const words = /too large: 300 MB, "huge" alone 300 MB/;
  await t.rejects(checkout({ repo: s.repo.dir, ref: huge, into: s.into, ...local }), {
    code: 'git-refused',
    message: words,
    hint: /at most 20000 files and 256 MB/,
  });
  t.notOk(existsSync(join(s.into, 'huge')));
  await t.rejects(exportCommit({ from: s.into, ref: huge, into: `${s.into}-base` }), { message: words });
});

t.test('trees that hold one another are no ten million files', async (t) => {
  const s = await start(t.testdir());
  const git = (args: string[], input: string) =>
    execFileSync('git', ['-C', s.repo.dir, ...args], { input, encoding: 'utf8' }).trim();
  const blob = git(['hash-object', '-w', '--stdin'], 'boom');
  let tree = git(['mktree'], Array.from({ length: 10 }, (_, n) => `100644 blob ${blob}\tf${n}\n`).join(''));
  for (let level = 0; level < 6; level += 1)
    tree = git(['mktree'], Array.from({ length: 10 }, (_, n) => `040000 tree ${tree}\td${n}\n`).join(''));
  const env = {
    ...process.env,
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  const bomb = execFileSync('git', ['-C', s.repo.dir, 'commit-tree', '-m', 'x', tree], {
    env,
    encoding: 'utf8',
  }).trim();
  await s.repo.git('update-ref', 'refs/heads/bomb', bomb);
  await t.rejects(checkout({ repo: s.repo.dir, ref: bomb, into: s.into, ...local }), {
    code: 'git-refused',
    message: /too large: (more than 20000|\d{5,}) files/,
  });
  t.same(readdirSync(s.into), ['.git']);
});
