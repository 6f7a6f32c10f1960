import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'stage',
  description: 'Runs triggers on a Docker Swarm: all stages from checkout to teardown',
  flags: {
    recipe: { type: 'string', description: 'Test this local checkout, as it is', valueHint: 'DIR' },
    spool: { type: 'string', description: "Take the work from this state's queue", valueHint: 'DIR' },
    'tests-dir': { type: 'string', description: 'Tests, by recipe (default ./tests)', valueHint: 'DIR' },
    runs: { type: 'string', description: 'Run directories (default <state>/runs)', valueHint: 'DIR' },
    domain: { type: 'string', description: 'Runs are below it (default ccci.test)', valueHint: 'DOMAIN' },
    ingress: { type: 'string', description: 'direct or traefik (default direct)', valueHint: 'HOW' },
    'docker-host': { type: 'string', description: 'Instead of DOCKER_HOST', valueHint: 'ADDRESS' },
    slots: { type: 'string', description: 'Runs at a time (default 1)', valueHint: 'N' },
    'idle-ms': { type: 'string', description: 'On a spool: end after so long without work', valueHint: 'MS' },
    'allow-local': { type: 'boolean', description: 'Accept repositories by path in queued triggers' },
    keep: { type: 'boolean', description: 'Leave the deployment up, to run its tests again' },
    attach: { type: 'string', description: 'Run custom tests against a kept run', valueHint: 'RUN' },
    stages: { type: 'string', description: 'Of --recipe or --attach: these stages', valueHint: 'NAMES' },
    fail: { type: 'boolean', description: 'End with 1 when a verdict is not green' },
  },
  waits: ({ spool }) => spool !== undefined,
  main: async (io) => {
    const { runStageProgram } = await import('./program.ts');
    await runStageProgram(io);
  },
});
