import { judgeMachine } from '@ccci/lib/doctor/judge.ts';
import { paint } from '@ccci/lib/pages/paint.ts';
import { columnsOf } from '@ccci/lib/pages/width.ts';
import t from 'tap';
import { doctorTable } from '../../../tools/ccci/doctor/table.ts';
import { machine } from '../../lib/doctor/facts.ts';

type Changes = Parameters<typeof machine>[0];
const plain = paint(false);
const tableOf = (changes: Changes, columns = 0) =>
  doctorTable(judgeMachine(machine(changes)), plain, columns);

t.test('signs and words, not colour alone; the cure below', async (t) => {
  const table = tableOf({ programs: { ...machine().programs, restic: null } });
  t.match(table, /^✓ ok {7}git {12}2\.47\.3$/m);
  t.match(
    table,
    /^\? partly {3}restic {9}not on the PATH\n +so backup and restore will be "not run"\n +cure: sudo/m,
  );
  t.match(table, /\nRuns are possible here, but not in full/);
  t.notMatch(table, /\u001b/);
  t.match(doctorTable(judgeMachine(machine()), paint(true), 0), /\u001b\[32m✓ ok/);
});

t.test('what an engine says cannot steer the terminal', async (t) => {
  const engine = { ok: false, code: 'engine-unreachable', words: 'no\u001b[2J\nengine' } as const;
  t.match(tableOf({ engine }), 'no\\u001b[2J engine');
});

t.test('a terminal of 80 columns: nothing but a cure is longer, and it stays in its column', async (t) => {
  const words = `no Docker engine at unix:///run/user/1000/docker.sock: there is no such socket (ENOENT)`;
  const table = tableOf(
    { engine: { ok: false, code: 'engine-unreachable', words }, pytest: null, system: 'nixos' },
    80,
  );
  const lines = table.split('\n').filter((line) => !line.includes('cure: '));
  t.same(
    lines.filter((line) => columnsOf(line) > 80),
    [],
  );
  t.match(table, /^✗ missing {2}docker engine {2}no Docker engine at.*\n(?: {26}\S.*\n)+ {26}so nothing/m);
});

t.test('the last line says what to do, whatever was found', async (t) => {
  const programs = { ...machine().programs, restic: null };
  for (const changes of [{}, { programs }, { programs: { ...programs, git: null } }] as Changes[]) {
    t.match(tableOf(changes), /\n(A full run .*)?Next: .*ccci (test|lint) DIR.*\n$/);
  }
});
