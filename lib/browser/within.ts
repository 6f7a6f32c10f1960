/** Waits for something of a page's, which may never come, at most so long. */
export async function within<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  // What comes too late is nobody's any more.
  work.catch(() => {});
  try {
    return await Promise.race([
      work,
      new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
          () => reject(new Error(`${what} took longer than ${Math.round(limitMs / 1000)} s`)),
          Math.max(0, limitMs),
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
