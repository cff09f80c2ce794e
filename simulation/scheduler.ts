type Event = { at: number; order: number; run(): void };

export type Scheduler = ReturnType<typeof createScheduler>;

const isBefore = (one: Event, other: Event) =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** A binary heap, earliest first; of several at one moment, the one that was put in first. */
function createHeap() {
  const heap: Event[] = [];

  function swap(one: number, other: number): void {
    const [first, second] = [heap[one], heap[other]];
    if (first === undefined || second === undefined) return;
    heap[one] = second;
    heap[other] = first;
  }

  const before = (one: number, other: number) => {
    const [first, second] = [heap[one], heap[other]];
    return first !== undefined && second !== undefined && isBefore(first, second);
  };

  function push(event: Event): void {
    heap.push(event);
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!before(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  }

  function pop(): Event | undefined {
    const [first] = heap;
    swap(0, heap.length - 1);
    heap.pop();
    for (let parent = 0; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      const child = before(right, left) ? right : left;
      if (!before(child, parent)) return first;
      swap(child, parent);
      parent = child;
    }
  }

  return { push, pop };
}

/** Runs after every promise reaction that is ready, however long their chains: Node turns to its ticks only then. */
const afterReactions = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** Runs after every tick too: streams of bodies take some. */
const afterTicks = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Virtual time: events in the order of their moments, and between two of them every promise gets its turn. */
export function createScheduler(startsAt: number, { hasStreams = false } = {}) {
  const whenSettled = hasStreams ? afterTicks : afterReactions;
  const heap = createHeap();
  let now = startsAt;
  let order = 0;

  /** Runs something at a moment (whole milliseconds since the epoch); at once, in its turn, when that has passed. */
  function at(moment: number, run: () => void): void {
    heap.push({ at: Math.max(Math.ceil(moment), now), order: order++, run });
  }

  /** Runs something at a moment, and again so many milliseconds after each time. */
  function every(everyMs: number, from: number, run: () => void): void {
    at(from, () => {
      run();
      every(everyMs, now + everyMs, run);
    });
  }

  /** Lets time pass until `isOver`, which is asked before every event. */
  async function run(isOver: () => boolean): Promise<void> {
    for (;;) {
      await whenSettled();
      if (isOver()) return;
      const event = heap.pop();
      if (event === undefined) return;
      now = event.at;
      event.run();
    }
  }

  return { now: () => now, at, every, run };
}
