import { DateTime } from 'luxon';
import { isBusinessTime } from '../../lib/pace/business-hours.ts';
import { createPaceItem } from '../../lib/pace/pace-item.ts';
import { slowdownAt } from '../../lib/pace/throttling.ts';
import { createChangeQueue } from '../../lib/state/change-queue.ts';
import { readRowId } from '../../lib/state/row-id.ts';
import { readStatus } from '../commands/run-status.ts';
import { restOf } from '../held.ts';
import type { Session } from '../session.ts';
import type { Activity } from './activity.ts';
import { type BoardSnapshot, boardSnapshot } from './snapshot.ts';
import type { BoardSystems } from './systems.ts';

/** How old the counts may be, in milliseconds; and older where counting takes long: the table has better things to do. */
const countEveryMs = 1_000;
const restFactor = 3;

/** Reads everything that the page shows. However many pages ask, the table is counted as often as one of them would. */
export function createSnapshotReader(session: Session, activity: Activity, systems: BoardSystems) {
  const { clock } = session;
  let counted: ReturnType<typeof count> | undefined;
  let countAgainAt = 0;

  async function count() {
    const startedAt = clock.now();
    const status = await readStatus(session, session.config);
    const deadLetters = await deadLettersOf(session).depth();
    const shared = await createPaceItem(session.table).read();
    activity.noteDue(status.pending.live + status.pending.bulk);
    countAgainAt = clock.now() + Math.max(countEveryMs, restFactor * (clock.now() - startedAt));
    const heldUntil = Math.max(shared.heldUntil, shared.openUntil);
    const heldWhy = restOf(shared, clock.now()) ?? null;
    return { status, deadLetters, slowdown: slowdownAt(shared, clock.now()), heldUntil, heldWhy };
  }

  /** The counts, as old as they may be. */
  function counts(): ReturnType<typeof count> {
    if (counted === undefined || clock.now() >= countAgainAt) {
      // Whoever asks while this one counts gets its answer.
      countAgainAt = Number.MAX_SAFE_INTEGER;
      counted = count().finally(() => {
        if (countAgainAt === Number.MAX_SAFE_INTEGER) countAgainAt = 0;
      });
    }
    return counted;
  }

  async function read(search: string): Promise<BoardSnapshot> {
    const { status, deadLetters, slowdown, heldUntil, heldWhy } = await counts();
    const failures = status.failures.map((failure) => ({
      ...failure,
      ...readRowId(failure.folderId),
      id: failure.folderId,
    }));
    const failedIds = [...new Set(failures.map(({ folderId }) => folderId))];
    const { folders, companies, totals, names } = await systems.look(search, failedIds);
    const { pending, queue, lagSeconds, removalsHeld } = status;
    const at = clock.now();
    return boardSnapshot.parse({
      at,
      editing: systems.editing,
      clavus: {
        total: totals?.folders ?? status.folders,
        lastPollAt: millis(status.lastPollAt),
        hidden: status.hidden,
        unreadable: status.unreadable.length,
        folders,
      },
      waiting: {
        ...pending,
        queue,
        deadLetters,
        lagSeconds,
        removalsHeld,
        leftAside: status.ofNewerCode.length,
      },
      pace: {
        ...paceOf(session, at, slowdown),
        heldUntil: heldUntil > at ? heldUntil : null,
        heldWhy,
        pilot: status.pilot.stage,
      },
      moovago: { total: totals?.companies ?? status.linked, companies },
      failed: {
        total: status.failed,
        failures: failures.map(({ field = null, since, ...failure }) => ({
          ...failure,
          field,
          name: names.get(failure.folderId) ?? '',
          since: Date.parse(since),
        })),
      },
      history: activity.history(),
    } satisfies BoardSnapshot);
  }

  return { read, counts };
}

const millis = (iso: string | null) => (iso === null ? null : Date.parse(iso));

const deadLettersOf = ({ stack }: Session) =>
  createChangeQueue(stack.sqs, stack.queues.get('DeadLettersQueue')?.url ?? '');

function paceOf({ config, pace, bulkTimeFrom }: Session, at: number, slowdown: number) {
  const { timezone, businessHours } = config.pace;
  const local = DateTime.fromMillis(at, { zone: timezone });
  const inBusinessTime = businessHours !== false && isBusinessTime(at, { timezone, ...businessHours });
  const { business, otherwise } = pace;
  const { requestsPerSecond } = business !== undefined && inBusinessTime ? business : otherwise;
  return {
    timezone,
    businessHours: businessHours === false ? null : businessHours,
    ignoresBusinessHours: business === undefined,
    now: { minute: local.hour * 60 + local.minute, day: local.weekday, isBusinessTime: inBusinessTime },
    requestsPerSecond: requestsPerSecond / slowdown,
    bulkFrom: bulkTimeFrom(at),
  };
}
