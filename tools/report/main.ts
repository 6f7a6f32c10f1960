import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'report',
  description: 'Tells the forge what became of each trigger: comment, commit status and pages',
  flags: {
    format: {
      type: 'string',
      description: 'Render the records as text, markdown, html, summary or junit, and post nothing',
      valueHint: 'FORMAT',
    },
    'report-directory': { type: 'string', description: 'Where the pages are written', valueHint: 'DIR' },
    url: { type: 'string', description: 'Public address of the pages', valueHint: 'URL' },
    context: { type: 'string', description: 'Context of the commit status', valueHint: 'NAME' },
    'patience-ms': { type: 'string', description: 'How long to try at the end', valueHint: 'MS' },
    spool: { type: 'string', description: 'Listen to this state directory, not to a pipe', valueHint: 'DIR' },
    once: { type: 'boolean', description: 'With --spool: post what is owed and end' },
    runs: { type: 'string', description: 'Where the run directories are', valueHint: 'DIR' },
  },
  waits: ({ format, once }) => format === undefined && once !== true,
  main: async (io) => {
    const { runReport } = await import('./open.ts');
    await runReport(io);
  },
});
