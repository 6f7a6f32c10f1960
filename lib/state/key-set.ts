/** Keys that are known. It only grows; `size` counts different keys. */
export type KeySet = {
  readonly has: (key: string) => boolean;
  readonly add: (key: string) => void;
  readonly size: number;
};

/** So many beginnings have a table of their own: there are few forges, and a table for each key would cost memory. */
const tablesLimit = 64;
/** So many digits fit in 32 bits. */
const digitsLimit = 9;
const dash = '-'.charCodeAt(0);
const zero = '0'.charCodeAt(0);

/**
 * A set for very many keys. Almost all are `<forge>-<comment id>`: their numbers lie in one table per forge, which
 * takes less time and a tenth of the memory of a `Set` of texts. All others are in such a `Set`.
 */
export function makeKeySet(): KeySet {
  const texts = new Set<string>();
  const tables = new Map<string, NumberTable>();
  const last: Last = { beginning: '', table: undefined };
  let numbers = 0;
  const tableOf = (beginning: string, isMade: boolean) => {
    const there = tables.get(beginning);
    if (there !== undefined || !isMade || tables.size >= tablesLimit) return there;
    const made = makeNumberTable();
    tables.set(copied(beginning), made);
    return made;
  };
  const find = (key: string, start: number, isMade: boolean) => {
    if (last.table !== undefined && start === last.beginning.length && key.startsWith(last.beginning)) {
      return last.table;
    }
    const beginning = key.slice(0, start);
    const table = tableOf(beginning, isMade);
    if (table !== undefined) Object.assign(last, { beginning: copied(beginning), table });
    return table;
  };
  return {
    has: (key) => {
      const start = startOfNumber(key);
      const table = start === 0 ? undefined : find(key, start, false);
      return table === undefined ? texts.has(key) : table.has(numberFrom(key, start));
    },
    add: (key) => {
      const start = startOfNumber(key);
      const table = start === 0 ? undefined : find(key, start, true);
      if (table === undefined) texts.add(copied(key));
      else if (table.add(numberFrom(key, start))) numbers += 1;
    },
    get size() {
      return texts.size + numbers;
    },
  };
}

/** The table of the key before: mostly it is that of the next one too. */
type Last = { beginning: string; table: NumberTable | undefined };

/** Where the number behind the last `-` begins; 0 when there is none, or one of more digits, or with zeros before it. */
function startOfNumber(key: string): number {
  const first = Math.max(0, key.length - digitsLimit - 1);
  for (let at = key.length - 1; at >= first; at -= 1) {
    const code = key.charCodeAt(at);
    if (code === dash) return at === key.length - 1 || key.charCodeAt(at + 1) === zero ? 0 : at + 1;
    if (code < zero || code > zero + 9) return 0;
  }
  return 0;
}

function numberFrom(key: string, start: number): number {
  let number = 0;
  for (let at = start; at < key.length; at += 1) number = 10 * number + key.charCodeAt(at) - zero;
  return number;
}

/** A piece of a text keeps the whole text in memory. */
function copied(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

type NumberTable = {
  readonly has: (number: number) => boolean;
  /** False when it was there. */
  readonly add: (number: number) => boolean;
};

/** Numbers from 1 to 2^32 - 1, hashed by multiplication, at most half full; what is taken moves on to the next slot. */
function makeNumberTable(): NumberTable {
  let bits = 4;
  let slots = new Uint32Array(1 << bits);
  let size = 0;
  const slotOf = (number: number) => {
    let slot = Math.imul(number, 0x9e3779b1) >>> (32 - bits);
    while (slots[slot] !== 0 && slots[slot] !== number) slot = (slot + 1) & (slots.length - 1);
    return slot;
  };
  const grow = () => {
    const before = slots;
    bits += 1;
    slots = new Uint32Array(1 << bits);
    for (const number of before) if (number !== 0) slots[slotOf(number)] = number;
  };
  return {
    has: (number) => slots[slotOf(number)] === number,
    add: (number) => {
      const slot = slotOf(number);
      if (slots[slot] === number) return false;
      slots[slot] = number;
      size += 1;
      if (2 * size > slots.length) grow();
      return true;
    },
  };
}
