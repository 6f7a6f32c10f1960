/** Those who wait until everything is at rest, or broken. */
export function makeRest() {
  const waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  let failure: { readonly error: unknown } | null = null;
  return {
    wait: () =>
      failure === null
        ? new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
        : Promise.reject(failure.error),
    reach: () => {
      for (const { resolve } of waiting.splice(0)) resolve();
    },
    fail: (error: unknown) => {
      failure ??= { error };
      for (const { reject } of waiting.splice(0)) reject(error);
    },
  };
}
