import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'report',
  description: 'Tells the forge what became of each trigger: comment, commit status and pages',
  flags: {
    format: {
      type: 'string',
      description: 'text, markdown, html, summary or junit; posts nothing',
      valueHint: 'FORMAT',
    },
    'report-directory': {
      type: 'string',
      description: 'Where the pages are written (default <state>/pages)',
      valueHint: 'DIR',
    },
    url: { type: 'string', description: 'Public address of the pages', valueHint: 'URL' },
    context: {
      type: 'string',
      description: 'Context of the commit status (default ccci/testme)',
      valueHint: 'NAME',
    },
    'patience-ms': {
      type: 'string',
      description: 'How long to try at the end (default 60000)',
      valueHint: 'MS',
    },
    spool: { type: 'string', description: 'Listen to this state directory, not to a pipe', valueHint: 'DIR' },
    once: { type: 'boolean', description: 'With --spool: post what is owed and end' },
    runs: {
      type: 'string',
      description: 'Where the run directories are (default <state>/runs)',
      valueHint: 'DIR',
    },
  },
  main: async (io) => {
    const { runReport } = await import('./open.ts');
    await runReport(io);
  },
});
