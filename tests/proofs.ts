export type Proof = {
  readonly name: string;
  /** Test files, folders or patterns, relative to the repository. */
  readonly files: readonly string[];
  /** What is shown when they pass, one sentence. */
  readonly what: string;
};

/** What `npm run prove` can show, in the order in which it does. */
export const proofs: readonly Proof[] = [
  {
    name: 'journeys',
    files: ['tests/journeys'],
    what: 'From a comment to a verdict, with all programs, on a real Docker Swarm.',
  },
  {
    name: 'crash',
    files: [
      'tests/proofs/crash-sweep.test.ts',
      'tests/proofs/crash-sweep-mixed.test.ts',
      'tests/proofs/crash-sweep-spool.test.ts',
      'tests/proofs/crash-sweep-hook.test.ts',
    ],
    what: 'Each program killed at each of its calls: one verdict for each comment, one comment of ours.',
  },
  {
    name: 'storm',
    files: ['tests/proofs/storm.test.ts', 'tests/proofs/away.test.ts', 'tests/proofs/together.test.ts'],
    what: 'Many comments while programs die, an hour away, a lost state: as many runs as were asked for.',
  },
  {
    name: 'power',
    files: ['tests/proofs/power-cuts.test.ts'],
    what: 'Power cuts at every operation lose and double nothing, and no fsync can be left out.',
  },
  {
    name: 'bad-forge',
    files: ['tests/tools/poll/every-fault.test.ts', 'tests/tools/report/faults.test.ts'],
    what: 'Each fault at each request of a poll and of a report: nothing lost, nothing doubled, no cursor ahead.',
  },
  {
    name: 'comment-races',
    files: [
      'tests/tools/report/report.test.ts',
      'tests/tools/report/together.test.ts',
      'tests/tools/report/withdrawn.test.ts',
    ],
    what: 'One comment at rest whatever the race; deleted, edited, locked or lost on the way: nothing doubled, nothing stuck.',
  },
  {
    name: 'forge-away',
    files: ['tests/tools/report/forge-away.test.ts'],
    what: 'A forge that is away for the whole end of a run gets the verdict when it is back, also from a new ccci-report.',
  },
  {
    name: 'fuzz',
    files: ['tests/tools/hook/fuzz.test.ts', 'tests/tools/poll/cursor-properties.test.ts', 'tests/lib/forge'],
    what: 'What comes from outside, at random: webhooks, comments, histories of a forge.',
  },
  {
    name: 'matrix',
    files: ['tests/matrix'],
    what: 'Each recipe of the tests ends with the verdict, level, rungs and words that its folder names.',
  },
  {
    name: 'hostile',
    files: ['tests/matrix/hostile.test.ts', 'tests/lib/git/hostile.test.ts', 'tests/matrix/custom.test.ts'],
    what: 'Hostile recipes, repositories and tests are refused or contained, each with a clear message.',
  },
  {
    name: 'convergence',
    files: [
      'tests/matrix/convergence.test.ts',
      'tests/proofs/convergence-times.test.ts',
      'tests/lib/swarm/judge-properties.test.ts',
    ],
    what: 'Every way in which a deployment does not land is told for what it is, soon, and patience where it is due.',
  },
  {
    name: 'stage-kills',
    files: [
      'tests/proofs/stage-kills.test.ts',
      'tests/proofs/good-runs.test.ts',
      'tests/journeys/engine-trouble.test.ts',
    ],
    what: 'A stage killed at any moment of a run, an engine that dies: after the janitor nothing is left.',
  },
  {
    name: 'side-by-side',
    files: ['tests/proofs/side-by-side.test.ts', 'tests/journeys/exclusive.test.ts'],
    what: 'Runs at once of one recipe and of two pull requests never meet; one that is alone is alone.',
  },
  {
    name: 'pages',
    files: [
      'tests/proofs/site.test.ts',
      'tests/proofs/run-page.test.ts',
      'tests/lib/pages',
      'tests/tools/report/site.test.ts',
      'tests/tools/report/live-logs.test.ts',
    ],
    what: 'Pages in Chromium: live log, search, keyboard, phone, dark, without JavaScript, hostile strings harmless.',
  },
  {
    name: 'front-door',
    files: ['tests/journeys/front-door.test.ts', 'tests/tools/ccci', 'tests/scripts/package.test.ts'],
    what: 'A person who knows nothing of ccci: doctor, a good, a broken and an empty directory; the package installs.',
  },
  {
    name: 'keep',
    files: ['tests/journeys/keep.test.ts'],
    what: 'A kept deployment is tested again and again, survives kills, and goes without a trace.',
  },
  {
    name: 'retention',
    files: ['tests/tools/janitor', 'tests/tools/report/drop-pages.test.ts'],
    what: 'What is old or too much goes, whole or not at all; what is needed stays.',
  },
  {
    name: 'units',
    files: ['tests/nixos'],
    what: 'Module, flake and units: evaluated, built, and run under a real systemd with a real engine; nothing lost or doubled.',
  },
  {
    name: 'documents',
    files: ['tests/docs', 'tests/scripts/manual.test.ts', 'tests/scripts/completions.test.ts'],
    what: 'What pages, manual and completions say is what the programs do: links, flags, settings, commands and their output.',
  },
  {
    name: 'verdict',
    files: ['tests/lib/results', 'tests/lib/pages/status.test.ts'],
    what: 'Truth tables: every combination of rungs to its level, of stages and causes to verdict and commit status.',
  },
  {
    name: 'replay',
    files: ['tests/corpus.test.ts'],
    what: 'From recordings of real runs the same bytes each time, wherever and whenever, and nothing is posted.',
  },
  {
    name: 'secrets',
    files: ['tests/journeys/secrets.test.ts', 'tests/lib/runs/mask.test.ts', 'tests/lib/runs/scan.test.ts'],
    what: 'A secret in logs, tests, names and errors is in nothing that a run leaves, posts or prints.',
  },
  {
    name: 'programs',
    files: ['tests/programs.test.ts'],
    what: 'Every program keeps the rules of flags, streams, signals and exit statuses.',
  },
  {
    name: 'unit',
    files: ['tests/lib', 'tests/tools'],
    what: 'Each module does what it says.',
  },
];
