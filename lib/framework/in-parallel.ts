import pMap from 'p-map';
import { attempt } from './attempt.ts';

/**
 * Does the work for each item, at most `concurrency` at a time, and gives the results in the order of the items. When one
 * fails, the others are done all the same before the first failure is thrown: nothing goes on behind a handler's back.
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
