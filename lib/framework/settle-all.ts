/**
 * Waits for all, then fails with the first failure: what is still under way when a handler ends is frozen with it, in
 * the middle of what it does.
 */
export async function settleAll<Value>(work: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
