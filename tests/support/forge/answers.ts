/** Answers of the API before they are written to a socket. */

/** What a handler returns: `body` absent is an empty answer, `null` is the JSON word null. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body, headers };
}

/** An answer without a body: `ctx.Status` in Gitea. */
export function empty(status: number): Answer {
  return { status };
}

/** Gitea's error body; the server fills in `url`. */
export function problem(status: number, message: string): Answer {
  return { status, body: { message, url: '' } };
}

/** Gitea's 404, which alone has `errors`. */
export function notFound(...errors: readonly string[]): Answer {
  const body = {
    errors: errors.length > 0 ? errors : null,
    message: "The target couldn't be found.",
    url: '',
  };
  return { status: 404, body };
}

/** Gitea's 500: the reason is told to site administrators only. */
export function broken(reason: string, isAdmin: boolean): Answer {
  return problem(500, isAdmin ? reason : '');
}

/** A redirect to a path of this forge, with the small page that Go's library adds to a GET. */
export function redirect(status: number, location: string): Answer {
  return { status, headers: { location } };
}
