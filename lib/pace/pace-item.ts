import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { getItem, holds, type Table } from '../state/table.ts';

const Key = { pk: 'PACE', sk: 'moovago' };

/** Moments are milliseconds since the epoch. A missing attribute means that nothing of the kind has happened yet. */
const paceState = z.object({
  /**
   * Counts the changes of everything except the slots: a reservation is valid only for the state that it was decided
   * on.
   */
  revision: z.number().default(0),
  /** The next moment at which a request keeps its distance from the previous one. */
  nextAt: z.number().default(0),
  /** The last moments at which the requests of the last five slots may leave, unordered. A slot uses one of five places. */
  left0: z.number().default(0),
  left1: z.number().default(0),
  left2: z.number().default(0),
  left3: z.number().default(0),
  left4: z.number().default(0),
  /** Counts the stops of all senders: slots from before a stop are void. */
  stops: z.number().default(0),
  /** How much slower than usual requests went at Moovago's last 429: 1, 2, 4 or 8 times. It wears off by itself. */
  slowdown: z.number().default(1),
  /** When the wait after the last 429 ends, and `slowdown` begins to wear off. */
  heldUntil: z.number().default(0),
  /** Failures of the service since its last success. */
  failures: z.number().default(0),
  /** 0: the breaker is closed. Otherwise no request goes before this moment, and one afterwards. */
  openUntil: z.number().default(0),
  /** How long the breaker was last opened for, in milliseconds. */
  openForMs: z.number().default(0),
  /** Since when the breaker is open. */
  openSince: z.number().default(0),
  /** It is open because Moovago refused the key: a person may have corrected it since. */
  isRefused: z.boolean().default(false),
  /** The trial request has its slot. Its outcome counts until `openUntil`, when another one may try. */
  probing: z.boolean().default(false),
  /** How many records one request can carry, as learned from refusals; 0: as many as configured. */
  documentSize: z.number().default(0),
});
export type PaceState = z.infer<typeof paceState>;

export const places = ['left0', 'left1', 'left2', 'left3', 'left4'] as const;
export type Place = (typeof places)[number];

/** Only a reservation changes these. It is valid only if no other one came in between. */
const ofSlots = ['nextAt', ...places] as const;

export type PaceItem = ReturnType<typeof createPaceItem>;

/** What every function must know before it sends to Moovago, in one shared item. */
export function createPaceItem(table: Table) {
  const { client, name: TableName } = table;
  const read = async (): Promise<PaceState> => paceState.parse((await getItem(table, Key)) ?? {});

  /**
   * Writes the differences between the state that was read and the next one. If the answer to a reservation is lost,
   * the SDK repeats it and meets its own write. The slot then stays unused, which is harmless.
   * @returns the state as it is now, or `undefined` if another process changed it meanwhile: read it again
   */
  async function change(seen: PaceState, next: PaceState): Promise<PaceState | undefined> {
    const { isReservation, isMore } = kindOf(seen, next);
    if (!isReservation && !isMore) return seen;
    const stored = { ...next, revision: seen.revision + (isMore ? 1 : 0) };
    const changed = differences(seen, stored);
    const guarded = ['revision', ...(isReservation ? ofSlots : [])] as const;
    const done = await set(
      changed,
      guarded.map((name) => [name, seen[name]]),
    );
    return done ? stored : undefined;
  }

  /**
   * Lets the request of a slot leave later, in one write. It fails if another slot has the place by now, or after a
   * stop of all senders.
   * @returns whether the request may leave later
   */
  function extend(place: Place, { left, stops }: { left: number; stops: number }, until: number) {
    return set(
      [[place, until]],
      [
        [place, left],
        ['stops', stops],
      ],
    );
  }

  function set(values: readonly [string, unknown][], seen: readonly [string, number][]): Promise<boolean> {
    return holds(
      client.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: `SET ${values.map(([name]) => `${name} = :new_${name}`).join(', ')}`,
          ConditionExpression: seen.map(([name, value]) => stillIs(name, value)).join(' AND '),
          ExpressionAttributeValues: Object.fromEntries([
            ...values.map(([name, value]) => [`:new_${name}`, value]),
            ...seen.filter(([, value]) => value !== 0).map(([name, value]) => [`:${name}`, value]),
          ]),
        }),
      ),
    );
  }

  return { read, change, extend };
}

const isOfSlots = (name: string) => ofSlots.some((one) => one === name);

function differences(seen: PaceState, next: PaceState): [string, unknown][] {
  const before = new Map<string, unknown>(Object.entries(seen));
  return Object.entries(next).filter(([name, value]) => value !== before.get(name));
}

/** Whether it reserves a slot, and whether it changes anything else. */
function kindOf(seen: PaceState, next: PaceState): { isReservation: boolean; isMore: boolean } {
  const names = differences(seen, next).map(([name]) => name);
  return { isReservation: names.some(isOfSlots), isMore: !names.every(isOfSlots) };
}

/** None of these is ever written as 0: 0 stands for an attribute that the item does not have yet. */
function stillIs(name: string, seen: number): string {
  return seen === 0 ? `attribute_not_exists(${name})` : `${name} = :${name}`;
}
