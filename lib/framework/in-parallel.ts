import pMap from 'p-map';
import { attempt } from './attempt.ts';

/**
 * Does the work for each item, at most `concurrency` at a time. The results have the order of the items. After a
 * failure, the other items still finish before the first failure is thrown. So no work continues after the handler has
 * ended.
 */
export async function inParallel<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  concurrency: number,
): Promise<Result[]> {
  const results = await pMap(items, (item) => attempt(work(item)), { concurrency });
  return results.map((result) => {
    if (!result.ok) throw result.error;
    return result.value;
  });
}

/** Waits for all, then throws the first failure. Lambda freezes work that is still running when a handler ends. */
export async function settleAll<Value>(work: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
