import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';

const words = 'minutely|hourly|daily|weekly|monthly|quarterly|semiannually|yearly|annually';
const day = '(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const days = `${day}(?:\\.\\.${day})?(?:,${day}(?:\\.\\.${day})?)*`;
const year = list('\\d{4}');
const month = list('0?[1-9]|1[0-2]');
const date = list('0?[1-9]|[12]\\d|3[01]');
const hour = list('[01]?\\d|2[0-3]');
const minute = list('[0-5]?\\d');
const second = list('[0-5]?\\d(?:\\.\\d{1,6})?');
const zone = '(?:UTC|[A-Za-z]\\w*(?:/[A-Za-z]\\w*(?:[+-]\\w+)?)+)';
const dates = `(?:${year}-)?${month}[-~]${date}`;
const times = `${hour}:${minute}(?::${second})?`;
const events = new RegExp(
  `^(?:${words}|(?=\\S)(?:${days})?(?:(?:^| )${dates})?(?:(?:^| )${times})?)(?: ${zone})?$`,
  'i',
);

/**
 * A calendar event of systemd, `Sun 02:00`, as systemd.time(7) has it: a timer with any other is said to be wrong in the
 * journal alone, and never comes. `Failure` 64.
 */
export function checkCalendar(when: string): string {
  if (events.test(when)) return when;
  throw new Failure(
    exitStatus.usage,
    'bad-calendar',
    `--sweep is ${JSON.stringify(when)}: a calendar event of systemd is expected, such as 'Sun 02:00', '*-*-* 04:30' or daily`,
    { hint: 'systemd-analyze calendar EVENT says when one comes' },
  );
}

/** Values with `,`, `..` and `/` between them, or `*`. */
function list(value: string): string {
  const part = `(?:\\*|(?:${value})(?:\\.\\.(?:${value}))?)(?:/\\d+)?`;
  return `(?:${part}(?:,${part})*)`;
}
