import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'report',
  description: 'Tells the forge what became of each trigger: comment, commit status and pages',
  flags: {
    format: {
      type: 'string',
      description: 'Post nothing: text, markdown, html, summary, junit',
      valueHint: 'FORMAT',
    },
    'report-directory': { type: 'string', description: 'Pages (default <state>/pages)', valueHint: 'DIR' },
    url: { type: 'string', description: 'Public address of the pages', valueHint: 'URL' },
    context: { type: 'string', description: 'Commit status (default ccci/testme)', valueHint: 'NAME' },
    'patience-ms': { type: 'string', description: 'Patience at the end (default 60000)', valueHint: 'MS' },
    spool: { type: 'string', description: 'Listen to this state directory, not to a pipe', valueHint: 'DIR' },
    once: { type: 'boolean', description: 'With --spool: post what is owed and end' },
    runs: { type: 'string', description: 'Run directories (default <state>/runs)', valueHint: 'DIR' },
  },
  waits: ({ format, once }) => format === undefined && once !== true,
  main: async (io) => {
    const { runReport } = await import('./open.ts');
    await runReport(io);
  },
});
