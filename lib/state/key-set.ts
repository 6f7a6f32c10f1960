/** Keys that are known. It only grows; `size` counts different keys. */
export type KeySet = {
  readonly has: (key: string) => boolean;
  readonly add: (key: string) => void;
  readonly size: number;
};

/** So many beginnings have a table of their own: there are few forges, and a table for each key would cost memory. */
const tablesLimit = 64;
/** Nine digits fit in 32 bits. */
const largestUnit = 1e8;
const dash = '-'.charCodeAt(0);
const zero = '0'.charCodeAt(0);

/**
 * A set for very many keys. Almost all are `<forge>-<comment id>`: their numbers lie in one table per forge, which
 * takes a third of the time and a tenth of the memory of a `Set` of texts. All others are in such a `Set`.
 */
export function makeKeySet(): KeySet {
  const texts = new Set<string>();
  const tables = makeTables();
  let numbers = 0;
  return {
    has: (key) => {
      const number = numberOf(key);
      const table = number === 0 ? undefined : tables.of(key, false);
      return table === undefined ? texts.has(key) : table.has(number);
    },
    add: (key) => {
      const number = numberOf(key);
      const table = number === 0 ? undefined : tables.of(key, true);
      if (table === undefined) texts.add(copied(key));
      else if (table.add(number)) numbers += 1;
    },
    get size() {
      return texts.size + numbers;
    },
  };
}

/** The number behind the last `-` of a key, as it is usually written; 0 for none, and for one of more digits. */
function numberOf(key: string): number {
  let number = 0;
  let unit = 1;
  for (let at = key.length - 1; at >= 0; at -= 1) {
    const code = key.charCodeAt(at);
    if (code === dash) return key.charCodeAt(at + 1) === zero ? 0 : number;
    if (code < zero || code > zero + 9 || unit > largestUnit) return 0;
    number += unit * (code - zero);
    unit *= 10;
  }
  return 0;
}

/** A table for each beginning of keys, as far as there is room; the last one is at hand. */
function makeTables() {
  const tables = new Map<string, NumberTable>();
  let beginning = '';
  let table: NumberTable | undefined;
  return {
    of: (key: string, isMade: boolean): NumberTable | undefined => {
      if (table !== undefined && isBehind(key, beginning)) return table;
      const wanted = copied(key.slice(0, key.lastIndexOf('-') + 1));
      const found =
        tables.get(wanted) ?? (isMade && tables.size < tablesLimit ? makeNumberTable() : undefined);
      if (found === undefined) return undefined;
      tables.set(wanted, found);
      beginning = wanted;
      table = found;
      return found;
    },
  };
}

/** Whether only digits follow, which the caller knows to end the key. */
function isBehind(key: string, beginning: string): boolean {
  return key.startsWith(beginning) && key.lastIndexOf('-') === beginning.length - 1;
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
