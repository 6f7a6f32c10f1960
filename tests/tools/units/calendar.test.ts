import { spawnSync } from 'node:child_process';
import t from 'tap';
import { checkCalendar } from '../../../tools/units/calendar.ts';

const good = [
  ...['daily', 'Weekly', 'Sun', 'Sun 02:00', 'Mon..Fri 02:00', 'sunday,Tue 2:0', '04:30', '*:0/15', '*:*'],
  ...['*-*-* 04:30', '*-*~1', '12-24', '2026-01-01', 'Mon *-*-1..7 3:00:00', '*-*-1,15', '1:00:00.5'],
  ...['daily UTC', '2:00 UTC', 'Sun 2:00 Europe/Berlin', '1:00 Etc/GMT+5', 'Mon UTC'],
];
const bad = [
  ...['', ' ', 'banana', 'Sunn', 'Sun 25:00', 'Sun 02', '02:60', '*-13-01', '*-*-32', 'UTC', 'Sun02:00'],
  ...['Sun 02:00; rm', 'Sun 02:00\nExecStart=/bin/x', '%h', '@sweepCalendar@', '"', 'in an hour'],
];

t.test('what systemd knows is taken as it is', async (t) => {
  for (const when of good) t.equal(checkCalendar(when), when);
});

t.test('anything else is refused, and what would be another line of the unit', async (t) => {
  for (const when of bad)
    t.throws(
      () => checkCalendar(when),
      { status: 64, code: 'bad-calendar', message: /calendar event of systemd is expected, such as/ },
      JSON.stringify(when),
    );
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
t.test('systemd agrees', { skip: !hasAnalyze && 'systemd-analyze is not here' }, async (t) => {
  const isGood = (when: string) => spawnSync('systemd-analyze', ['calendar', when]).status === 0;
  // A line after the first is none of the event's.
  const lines = bad.filter((when) => !when.includes('\n'));
  t.same(
    good.filter((when) => !isGood(when)),
    [],
  );
  t.same(lines.filter(isGood), []);
});
