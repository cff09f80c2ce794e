/** Waits for all, then throws the first failure. Lambda freezes work that is still running when a handler ends. */
export async function settleAll<Value>(work: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
