/** One line for people, on standard error: standard output belongs to the file that runs afterwards. */
export function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** Set-up cannot go on: `message` says what is missing and what to do, `status` is the exit status. */
export class Stop extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}
