import { visible } from './visible.ts';

export type LogLevel = 'info' | 'warning' | 'error';
export type LogFormat = 'text' | 'json';

/** Words for people, on standard error; never data. */
export type Log = {
  readonly info: (message: string) => void;
  readonly warning: (message: string) => void;
  readonly error: (message: string, hint?: string) => void;
};

export type LogOptions = {
  /** `ccci-poll`. */
  readonly program: string;
  readonly format: LogFormat;
  readonly write: (line: string) => void;
};

/** Makes the log of one program: `ccci-poll: warning: …`, or one JSON object a line. */
export function makeLog({ program, format, write }: LogOptions): Log {
  const say = (level: LogLevel, message: string, hint?: string) => {
    if (format === 'json') {
      // What `visible` writes is JSON's own way to write a character.
      write(`${visible(JSON.stringify({ at: new Date().toISOString(), level, program, message, hint }))}\n`);
      return;
    }
    const tail = hint === undefined ? '' : ` (${hint})`;
    const line = `${program}: ${level === 'info' ? '' : `${level}: `}${message}${tail}`;
    // Further lines are moved in, so that no text from outside passes for a message of ours.
    write(`${visible(line).replaceAll('\n', '\n  ')}\n`);
  };
  return {
    info: (message) => say('info', message),
    warning: (message) => say('warning', message),
    error: (message, hint) => say('error', message, hint),
  };
}
