/** What is answered to a request: words for people, who find them with the delivery in the web UI of the forge. */
export type Reply = {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The rest of the request was not read, so the connection ends with the answer. */
  readonly isLast?: boolean;
};

/** Answers to deliveries. 200: nothing is left to be done; 503: the poll has to do it. */
export const replies = {
  kept: (key: string): Reply => ({ status: 200, text: `handed in: ${key}` }),
  ignored: (why: string): Reply => ({ status: 200, text: `ignored: ${why}` }),
  later: { status: 503, text: 'later: it cannot be judged now, and is left to ccci-poll' },
  bug: { status: 500, text: 'failed: it is left to ccci-poll' },
  /** Whoever has no secret learns nothing. */
  unsigned: { status: 401, text: 'refused' },
  late: { status: 503, text: 'later: it took too long, and is left to ccci-poll' },
  busy: { status: 503, text: 'later: too many deliveries at once', isLast: true },
  stopping: { status: 503, text: 'later: the receiver is ending', isLast: true },
  slow: { status: 408, text: 'too slow', isLast: true },
  tooLarge: { status: 413, text: 'too large', isLast: true },
  notJson: { status: 415, text: 'application/json is expected', isLast: true },
  notThere: { status: 404, text: 'not found', isLast: true },
  wrongMethod: (allow: string): Reply => ({
    status: 405,
    text: 'method not allowed',
    headers: { allow },
    isLast: true,
  }),
} as const satisfies Readonly<Record<string, Reply | ((word: string) => Reply)>>;
