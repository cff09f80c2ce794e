/** Makes a value at its first use and keeps it. A failure is not kept: the next use tries again. */
export function lazy<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return async () => {
    made ??= make();
    const current = made;
    return current.catch((error: unknown) => {
      if (made === current) made = undefined;
      throw error;
    });
  };
}
