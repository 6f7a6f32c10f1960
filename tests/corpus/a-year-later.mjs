// Preloaded: a clock that is a year and a day ahead, and random numbers that are others.
const RealDate = Date;
const ahead = 366 * 24 * 3_600_000;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + ahead] : args));
  }
  static now() {
    return RealDate.now() + ahead;
  }
};
Math.random = () => 0.123;
