import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadOptions, loadConfig, readSecretFile } from '@ccci/lib/config/load.ts';
import t from 'tap';

const none: LoadOptions = {
  section: 'stage',
  flags: {},
  env: { HOME: '/home/ana' },
  isRoot: false,
  cwd: '/work',
};

function load(options: Partial<LoadOptions> = {}) {
  return loadConfig({ ...none, ...options });
}

/** Loads a file with this content. */
function loadFile(dir: string, content: string | object, options: Partial<LoadOptions> = {}) {
  const isText = typeof content === 'string';
  const path = join(dir, isText ? 'ccci.yml' : 'ccci.json');
  writeFileSync(path, isText ? content : JSON.stringify(content));
  return load({ ...options, flags: { ...options.flags, config: path } });
}

t.test('defaults', async (t) => {
  const config = await load();
  t.match(config, {
    from: null,
    testsDir: './tests',
    word: '!testme',
    forges: {},
    poll: { intervalMs: 5000 },
    sweep: { of: 'tips', requestMs: 20_000 },
  });
  t.match(config, { stage: { slots: 1, domain: 'ccci.test', allowLocal: false }, report: { notify: true } });
  t.match(config, { state: '/home/ana/.local/state/ccci', runs: '/home/ana/.local/state/ccci/runs' });
});

t.test('where the state is', async (t) => {
  const cases: readonly (readonly [Partial<LoadOptions>, string])[] = [
    [{ isRoot: true }, '/var/lib/ccci'],
    [{ env: { XDG_STATE_HOME: '/s', HOME: '/h' } }, '/s/ccci'],
    [{ env: { XDG_STATE_HOME: '', HOME: '/h' } }, '/h/.local/state/ccci'],
    [{ env: { CCCI_STATE: 'here' } }, '/work/here'],
    [{ env: { CCCI_STATE: '' }, isRoot: true }, '/var/lib/ccci'],
    [{ env: { CCCI_STATE: '/env' }, flags: { state: '/flag' } }, '/flag'],
  ];
  for (const [options, state] of cases) t.equal((await load(options)).state, state, JSON.stringify(options));
  t.equal((await load({ env: { CCCI_STATE: '/s', CCCI_RUNS: 'r' } })).runs, '/work/r');
});

t.test('flag, then variable, then file, then default', async (t) => {
  const dir = t.testdir();
  const file = { testsDir: 'file', stage: { domain: 'file.test', slots: 2 } };
  const env = { CCCI_DOMAIN: 'env.test', CCCI_SLOTS: '3', CCCI_TESTS_DIR: 'env' };
  const flags = { domain: 'flag.test', slots: '4', 'tests-dir': 'flag' };
  t.match(await loadFile(dir, file), { testsDir: 'file', stage: { domain: 'file.test', slots: 2 } });
  t.match(await loadFile(dir, file, { env }), { testsDir: 'env', stage: { domain: 'env.test', slots: 3 } });
  t.match(await loadFile(dir, file, { env, flags }), {
    testsDir: 'flag',
    stage: { domain: 'flag.test', slots: 4, ingress: 'direct' },
  });
  t.match(await loadFile(dir, { stage: { dockerHost: 'unix:///d' } }, { env }), {
    stage: { dockerHost: 'unix:///d', domain: 'env.test' },
  });
  const none = { CCCI_SCREENSHOTS: 'false', CCCI_SCREENSHOT_MS: '5' };
  t.match(await loadFile(dir, {}, { env: none }), { stage: { screenshots: false, screenshotMs: 5 } });
  await t.rejects(loadFile(dir, { stage: { ingress: 'nginx' } }), {
    status: 78,
    message: /stage\.ingress: .*expected direct or traefik/,
  });
});

t.test('variables and flags are for the own section alone', async (t) => {
  const env = {
    CCCI_DOMAIN: 'env.test',
    CCCI_INTERVAL_MS: '7',
    CCCI_URL: 'https://r.test',
    CCCI_NOTHING: 'x',
  };
  t.match(await load({ section: 'stage', env }), {
    stage: { domain: 'env.test' },
    poll: { intervalMs: 5000 },
  });
  t.match(await load({ section: 'poll', env }), { stage: { domain: 'ccci.test' }, poll: { intervalMs: 7 } });
  t.match(await load({ section: 'report', env }), { report: { url: 'https://r.test' } });
  t.match(await load({ section: 'dedupe', env }), { poll: { intervalMs: 5000 }, dedupe: {} });
  t.match(await load({ section: 'unheard', env }), { poll: { intervalMs: 5000 } });
});

t.test('text becomes what the schema wants, and nothing else', async (t) => {
  t.match(await load({ flags: { domain: '123' } }), { stage: { domain: '123' } });
  t.match(await load({ env: { CCCI_DOMAIN: 'true' } }), { stage: { domain: 'true' } });
  t.match(await load({ flags: { 'docker-host': '7' } }), { stage: { dockerHost: '7' } });
  t.match(await load({ flags: { 'allow-local': true } }), { stage: { allowLocal: true } });
  t.match(await load({ env: { CCCI_ALLOW_LOCAL: 'true' } }), { stage: { allowLocal: true } });
  t.match(await load({ env: { CCCI_NOTIFY: 'false' }, section: 'report' }), { report: { notify: false } });
  for (const slots of ['two', '-1', '0', '1.5', '1e3', ' 3']) {
    await t.rejects(
      load({ flags: { slots } }),
      { status: 78, message: /stage\.slots: / },
      `--slots ${slots}`,
    );
  }
  await t.rejects(load({ env: { CCCI_ALLOW_LOCAL: 'yes' } }), { status: 78, message: /stage\.allowLocal: / });
});

t.test('YAML and JSON', async (t) => {
  const dir = t.testdir();
  const yaml = await loadFile(
    dir,
    '# a comment\nstate: s\nforges:\n  gitea: { url: "https://git.example.org", organisations: [recipes] }\n',
  );
  t.match(yaml, {
    state: '/work/s',
    from: join(dir, 'ccci.yml'),
    forges: { gitea: { forks: false, allow: [] } },
  });
  const json = await loadFile(dir, {
    state: 's',
    forges: { gitea: { url: 'https://git.example.org', organisations: ['recipes'] } },
  });
  t.same({ ...json, from: null }, { ...yaml, from: null });
  for (const empty of ['', '# nothing yet\n', 'stage:\n', 'stage:\nforges:\npoll: {}\n']) {
    t.match(await loadFile(dir, empty), { stage: { slots: 1 }, forges: {} }, JSON.stringify(empty));
  }
});

t.test('named by a variable, and relative to the working directory', async (t) => {
  const cwd = t.testdir({ 'c.yml': 'word: "!go"' });
  t.match(await load({ cwd, env: { CCCI_CONFIG: 'c.yml' } }), { word: '!go', from: join(cwd, 'c.yml') });
  t.match(await load({ cwd, env: { CCCI_CONFIG: '' } }), { from: null });
  const flags = { config: 'absent' };
  const reading = load({ cwd, env: { CCCI_CONFIG: 'c.yml' }, flags });
  await t.rejects(reading, { status: 78, message: /absent/ }, 'the flag comes first');
});

t.test('files that are no configuration', async (t) => {
  const dir = t.testdir({ folder: {} });
  const refused = async (content: string | object, message: RegExp) => {
    await t.rejects(
      loadFile(dir, content),
      { status: 78, code: 'bad-configuration', message },
      String(message),
    );
  };
  await refused('- a\n', /ccci\.yml: an object is expected$/);
  await refused('text', /an object is expected$/);
  await refused([], /an object is expected$/);
  await refused('"', /ccci\.yml: Missing closing "quote/);
  await refused('word: a\nword: b\n', /Map keys must be unique/);
  await refused('word: !testme\n', /a value that begins with ! needs quotes: .*!testme/);
  await refused('stage: on', /stage: .*expected object, received string$/);
  writeFileSync(join(dir, 'broken.json'), '{"state": ');
  const broken = load({ flags: { config: join(dir, 'broken.json') } });
  await t.rejects(broken, { status: 78, message: /broken\.json: / });
  for (const name of ['absent.yml', 'folder']) {
    const reading = load({ flags: { config: join(dir, name) } });
    await t.rejects(reading, {
      status: 78,
      code: 'no-configuration',
      message: new RegExp(`cannot read .*${name}`),
    });
  }
});

t.test('all problems at once, with the nearest known keys', async (t) => {
  const content = {
    stat: '/x',
    word: 'testme',
    forges: {
      'Bad name': { url: 'https://x.test' },
      gitea: { url: 'ftp://x', tokenfile: '/t', repositories: ['ghost'] },
    },
    poll: { intervalMS: 1, overlapMs: -1 },
    stage: { slots: 0, domain: 7, nonsenseOfMine: 1 },
    report: { url: 'x' },
  };
  const thrown = await loadFile(t.testdir(), content).catch((error) => error);
  t.match(thrown, { status: 78, code: 'bad-configuration', hint: String });
  for (const problem of [
    /^\/.*ccci\.json: /,
    /unknown key stat; did you mean state\?/,
    /word: expected one word that begins with !/,
    /forges\.Bad name: bad name: expected a-z/,
    /forges\.gitea\.url: /,
    /unknown key forges\.gitea\.tokenfile; did you mean tokenFile\?/,
    /forges\.gitea\.repositories\.0: expected owner\/name/,
    /unknown key poll\.intervalMS; did you mean intervalMs\?/,
    /poll\.overlapMs: /,
    /stage\.slots: /,
    /stage\.domain: .*expected string, received number/,
    /unknown key stage\.nonsenseOfMine(;(?! did)|$)/,
    /report\.url: /,
  ]) {
    t.match(thrown.message, problem, String(problem));
  }
});

t.test('a word that means something else is none', async (t) => {
  for (const word of ['!cancel', '!HELP']) {
    const thrown = await loadFile(t.testdir(), { word }).catch((error) => error);
    t.match(thrown.message, /word: expected another word: !cancel and !help have a meaning/, word);
  }
});

t.test('one server under two names, and something enrolled in both', async (t) => {
  const forge = { url: 'https://git.example.org', organisations: ['recipes'] };
  await t.rejects(loadFile(t.testdir(), { forges: { git: forge, again: forge } }), {
    status: 78,
    message: /forges\.again: recipes is enrolled in forges\.git, which is the same server/,
  });
  const nowhere = { ...forge, url: 'git.example.org' };
  await t.rejects(
    loadFile(t.testdir(), { forges: { git: nowhere, again: nowhere } }),
    {
      status: 78,
      message: /forges\.git\.url: expected an address[^;]*; forges\.again\.url: expected an address[^;]*$/,
    },
    'an address that is none is told of as everywhere',
  );
});

t.test('secrets', async (t) => {
  const dir = t.testdir({ token: '  s3cret\n', empty: ' \n', folder: {} });
  t.equal(await readSecretFile(join(dir, 'token'), 'the token'), 's3cret');
  await t.rejects(readSecretFile(join(dir, 'empty'), 'the token'), {
    status: 78,
    message: /^the token in .*empty is empty$/,
  });
  for (const name of ['absent', 'folder']) {
    const message = new RegExp(`cannot read the token from .*${name}: `);
    await t.rejects(readSecretFile(join(dir, name), 'the token'), { status: 78, code: 'no-secret', message });
  }
});

t.test('secrets in the Nix store', async (t) => {
  for (const path of ['/nix/store/abc-token', '/tmp/../nix/store/abc/token']) {
    const reading = readSecretFile(path, 'the token');
    await t.rejects(reading, { status: 78, code: 'secret-in-store', hint: /LoadCredential/ }, path);
  }
});
