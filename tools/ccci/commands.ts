import type { Program, ProgramIo } from '@ccci/lib/program/run.ts';

/** What ccci does itself; `call` and `args` come with the command line. */
export type Command = Omit<Program, 'name' | 'call' | 'args'>;

const testsDir = {
  type: 'string',
  description: 'Tests, a folder per recipe (default ./tests)',
  valueHint: 'DIR',
} as const;
const dockerHost = { type: 'string', description: 'Instead of DOCKER_HOST', valueHint: 'ADDRESS' } as const;
const runs = {
  type: 'string',
  description: 'Run directories (default <state>/runs)',
  valueHint: 'DIR',
} as const;

const load = (run: (io: ProgramIo) => Promise<void>) => run;

export const commands = {
  test: {
    description: 'Tests a recipe on this machine and removes all of it again',
    flags: {
      target: {
        type: 'positional',
        description: 'Folder (default: .), or URL of a pull request, run or repository',
        required: false,
      },
      ref: { type: 'string', description: 'Test this commit, branch or tag', valueHint: 'COMMIT' },
      stages: { type: 'string', description: 'Only these, by comma: install,custom', valueHint: 'STAGES' },
      quick: { type: 'boolean', description: 'Install, custom tests and lint only' },
      keep: { type: 'boolean', description: 'Leave the deployment up, to write tests against it' },
      attach: { type: 'string', description: 'Run custom tests on what --keep left up', valueHint: 'RUN' },
      'tests-dir': testsDir,
      runs,
      domain: {
        type: 'string',
        description: 'Runs are below it (default ccci.test)',
        valueHint: 'DOMAIN',
      },
      ingress: {
        type: 'string',
        description: 'direct or traefik (default direct)',
        valueHint: 'HOW',
      },
      'docker-host': dockerHost,
    },
    main: load(async (io) => (await import('./test/test.ts')).runTest(io)),
  },
  lint: {
    description: 'Looks a recipe over, without an engine',
    flags: {
      target: { type: 'positional', description: 'Folder of a recipe (default: .)', required: false },
      'tests-dir': testsDir,
    },
    main: load(async (io) => (await import('./lint/lint.ts')).runLint(io)),
  },
  doctor: {
    description: 'Says what this machine lacks, and the command that cures it',
    flags: {
      json: { type: 'boolean', description: 'Print the checks as JSON' },
      runs,
      'docker-host': dockerHost,
    },
    main: load(async (io) => (await import('./doctor/doctor.ts')).runDoctor(io)),
  },
  explain: {
    description: 'Says why a run ended as it did, and what to do next',
    flags: {
      target: {
        type: 'positional',
        description: 'URL or id of a run (default: the newest here), or a recording',
        required: false,
      },
      runs,
    },
    main: load(async (io) => (await import('./explain/explain.ts')).runExplain(io)),
  },
  wait: {
    description: 'Waits for the verdict on a pull request, and ends with it',
    flags: {
      target: { type: 'positional', description: 'URL of a pull request or of a run', required: true },
      timeout: { type: 'string', description: 'How long: 90s, 20m, 2h (default 1h)', valueHint: 'TIME' },
      every: { type: 'string', description: 'How often to look (default 15s)', valueHint: 'TIME' },
    },
    main: load(async (io) => (await import('./wait/wait.ts')).runWait(io)),
  },
} as const satisfies Readonly<Record<string, Command>>;

/** What a person reads who types `ccci` and nothing else. */
export const usage = `ccci tests Co-op Cloud recipes on a Docker Swarm.

  ccci doctor        what is missing on this machine, and what cures it
  ccci lint DIR      looks a recipe over, without an engine
  ccci test DIR      tests it: install, upgrade, backup, restore, custom, lint

With these three you are set. Also:

  ccci test URL      repeats at home the run of a pull request, or another run
  ccci explain URL   why a run ended as it did, and what to do next
  ccci wait URL      waits for the verdict on a pull request
  ccci help COMMAND  all options of a command
  ccci TOOL ...      runs ccci-TOOL (poll, dedupe, stage, report, ...)
`;
