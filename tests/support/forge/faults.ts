/** Controlled misbehaviour: which request gets which fault. */

/**
 * `drop`: the socket is destroyed and nothing is done; `dropAfter`: the work is done, then the socket is
 * destroyed; `truncate`: half the body with the length of the whole; `hang`: never an answer, until the forge
 * closes. With `status` or `redirect` nothing is done either. Requests of git know no `dropAfter` and `truncate`.
 */
export type Fault =
  | 'drop'
  | 'dropAfter'
  | 'truncate'
  | 'hang'
  | { readonly delayMs: number }
  | {
      readonly status: number;
      readonly body?: string | object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly redirect: string; readonly redirectStatus?: number };

/**
 * One rule. `match` narrows it (`path` is tested against path and query); `nth` is the first request of those,
 * counted from 1 and from now, that gets the fault; `times` is how many get it (1 unless told).
 */
export type Misbehaviour = {
  readonly match?: { readonly method?: string; readonly path?: RegExp };
  readonly nth?: number;
  readonly times?: number;
  readonly fault: Fault;
};

/** A rule at work: how often it has struck, and a way to end it. */
export type Struck = { readonly count: () => number; readonly stop: () => void };

/** All rules of one forge. */
export type Faults = {
  readonly add: (rule: Misbehaviour) => Struck;
  /** Counts a request for every rule that it matches, and gives the fault of the first rule that strikes. */
  readonly take: (method: string, path: string) => Fault | undefined;
};

type Counted = { readonly rule: Misbehaviour; seen: number; struck: number };

/** Makes an empty set of rules. */
export function createFaults(): Faults {
  let rules: Counted[] = [];
  return {
    add: (rule) => {
      const counted = { rule, seen: 0, struck: 0 };
      rules.push(counted);
      const stop = () => {
        rules = rules.filter((one) => one !== counted);
      };
      return { count: () => counted.struck, stop };
    },
    take: (method, path) => {
      const matching = rules.filter(({ rule }) => isMatch(rule, method, path));
      for (const one of matching) one.seen += 1;
      const striking = matching.find(isDue);
      if (striking !== undefined) striking.struck += 1;
      return striking?.rule.fault;
    },
  };
}

function isMatch({ match }: Misbehaviour, method: string, path: string): boolean {
  const isMethod = match?.method === undefined || match.method === method;
  return isMethod && (match?.path === undefined || match.path.test(path));
}

function isDue({ rule, seen, struck }: Counted): boolean {
  return seen >= (rule.nth ?? 1) && struck < (rule.times ?? 1);
}
