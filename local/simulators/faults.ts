import type { RecordedRequest } from './request-log.ts';

/** What can be made to go wrong. "Takes effect" means that a write is done, whatever the caller is told. */
export type Fault =
  /** Waits before anything is done. Together with `timeoutAfter`: a request that lands late. */
  | { kind: 'latency'; ms: number }
  /** Answers with this status, without effect. */
  | { kind: 'status'; status: number; retryAfter?: string }
  /** Takes effect, then answers with this status. */
  | { kind: 'statusAfter'; status: number }
  /** A page in HTML with HTTP 200, without effect. */
  | { kind: 'html' }
  /** Any other answer (an empty body, a redirect, a validation error), without effect. */
  | { kind: 'answer'; status: number; body: string; headers?: Record<string, string> }
  /** Takes effect, then breaks the JSON off in the middle. */
  | { kind: 'cutJson' }
  /** Takes effect, then changes the answer's JSON. */
  | { kind: 'rewrite'; change: (answer: unknown) => unknown }
  /** Closes the connection without an answer and without effect. */
  | { kind: 'reset' }
  /** Takes effect, then closes the connection without an answer. */
  | { kind: 'resetAfter' }
  /** Never answers, without effect. */
  | { kind: 'timeoutBefore' }
  /** Takes effect, then never answers. */
  | { kind: 'timeoutAfter' }
  /**
   * An entry in `errors[]` and null in `data`, for the operations at `path`: a path in the answer (`w3.create`),
   * an alias (`w3`), or an operation (`company.create`, `getFolders`). With `applied`, the write is done all the same.
   */
  | { kind: 'errorOnPath'; path: string; message: string; applied?: boolean }
  /** `getFolders` behaves as if these arguments had not been sent; without `page` it gives the first page. */
  | { kind: 'ignoreArguments'; names: string[] }
  /** `getFolders` leaves these folders out, and out of `totalCount`. */
  | { kind: 'missingFolders'; ids: string[] | 'all' };

type Order = { fault: Fault; left: number; when: (request: RecordedRequest) => boolean };

/**
 * Where tests order what shall go wrong. A request takes at most one fault that decides its answer, the earliest
 * ordered; so two orders strike two requests, one after the other. Faults that leave the answer alone (a latency,
 * errors on different paths) come on top. Requests that are refused for their key or their pace take none.
 */
export class FaultDesk {
  #orders: Order[] = [];

  /** `times`: how many requests it strikes (1). `when`: which ones (any). */
  order(fault: Fault, options: { times?: number; when?: (request: RecordedRequest) => boolean } = {}): void {
    this.#orders.push({ fault, left: options.times ?? 1, when: options.when ?? (() => true) });
  }

  /** Takes back what has not struck yet. */
  clear(): void {
    this.#orders = [];
  }

  /** How many orders have not been used up. */
  get open(): number {
    return this.#orders.length;
  }

  /** The faults that strike this request; for the simulator. */
  take(request: RecordedRequest): Fault[] {
    const taken = new Map<string, Fault>();
    for (const order of this.#orders) {
      const place = placeOf(order.fault);
      if (taken.has(place) || !fits(order, request)) continue;
      taken.set(place, order.fault);
      order.left -= 1;
    }
    this.#orders = this.#orders.filter(({ left }) => left > 0);
    return [...taken.values()];
  }
}

function placeOf(fault: Fault): string {
  switch (fault.kind) {
    case 'errorOnPath':
      return `errorOnPath ${fault.path}`;
    case 'latency':
    case 'ignoreArguments':
    case 'missingFolders':
      return fault.kind;
    default:
      return 'answer';
  }
}

function fits({ fault, when }: Order, request: RecordedRequest): boolean {
  if (fault.kind === 'errorOnPath' && !request.operations.some((one) => isAt(fault.path, one))) return false;
  return when(request);
}

/** The error that was ordered for the operation at this path of the answer, if any. */
export function errorFor(
  path: string,
  request: RecordedRequest,
  faults: Fault[],
): { message: string; applied: boolean } | undefined {
  const operation = request.operations.find((one) => one.path === path);
  if (operation === undefined) return undefined;
  for (const fault of faults) {
    if (fault.kind === 'errorOnPath' && isAt(fault.path, operation)) {
      return { message: fault.message, applied: fault.applied ?? false };
    }
  }
  return undefined;
}

function isAt(wanted: string, { path, operation }: { path: string; operation: string }): boolean {
  return path === wanted || operation === wanted || path.startsWith(`${wanted}.`);
}
