import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { attempt } from '../lib/framework/attempt.ts';
import { TryLater } from '../lib/framework/errors.ts';
import { OperationRefused } from '../lib/framework/operation-refused.ts';
import type { Surroundings } from '../lib/jobs/app.ts';
import type { MoovagoClient } from '../lib/moovago/client.ts';
import type { Slot } from '../lib/moovago/slot.ts';
import type { WriteOutcome } from '../lib/moovago/write.ts';
import { newerAttribute } from './row-watch.ts';

/** Breaks what the connector stands on. */
export type BreakSurroundings = (surroundings: Surroundings) => Surroundings;

type Send = (command: { input: Record<string, unknown> }) => Promise<unknown>;
type Write = MoovagoClient['writeCompanies'];

/** Breaks what is sent to the table, or what comes back. */
function withTable(
  surroundings: Surroundings,
  broken: (send: Send, surroundings: Surroundings) => Send,
): Surroundings {
  const { table } = surroundings;
  const send = broken((command) => table.client.send(command as never), surroundings);
  return { ...surroundings, table: { ...table, client: { send } as never } };
}

/** Breaks how Moovago is written to. */
function withWrites(surroundings: Surroundings, broken: (write: Write) => Write): Surroundings {
  const { moovago } = surroundings;
  return { ...surroundings, moovago: { ...moovago, writeCompanies: broken(moovago.writeCompanies) } };
}

function withPace(surroundings: Surroundings, pace: Partial<Surroundings['config']['pace']>): Surroundings {
  const { config } = surroundings;
  return { ...surroundings, config: { ...config, pace: { ...config.pace, ...pace } } };
}

const notApplied = (status = 503) =>
  new TryLater('taken for not applied', { system: 'Moovago', applied: 'no', status });

/** Every error that leaves the outcome open is taken for a proof that nothing was applied. */
export const unknownIsNo: BreakSurroundings = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const result = await attempt(write(...given));
    if (result.ok) return result.value;
    throw result.error instanceof TryLater && result.error.applied === 'unknown'
      ? notApplied()
      : result.error;
  });

/** An answer of a certain kind is taken for a proof that nothing was applied. */
export const outcomeIsNo =
  (kind: WriteOutcome['kind']): BreakSurroundings =>
  (surroundings) =>
    withWrites(surroundings, (write) => async (...given) => {
      const outcomes = await write(...given);
      if (outcomes.some((outcome) => outcome.kind === kind)) throw notApplied();
      return outcomes;
    });

/** A write is sent again at once, as some HTTP clients do by themselves. */
export const writesAreRetried: BreakSurroundings = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const result = await attempt(write(...given));
    if (result.ok) return result.value;
    if (result.error instanceof TryLater && result.error.applied === 'unknown') return write(...given);
    throw result.error;
  });

export const ignores429: BreakSurroundings = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const result = await attempt(write(...given));
    if (result.ok) return result.value;
    throw result.error instanceof TryLater && result.error.status === 429 ? notApplied() : result.error;
  });

/** The answers of a document are given to its records in the wrong order. */
export const answersAreMixedUp: BreakSurroundings = (surroundings) =>
  withWrites(
    surroundings,
    (write) =>
      async (...given) =>
        (await write(...given)).toReversed(),
  );

export const reasonsAreLogged: BreakSurroundings = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const outcomes = await write(...given);
    for (const outcome of outcomes)
      if (outcome.kind === 'rejected') surroundings.telemetry.log.warn('refused', { reason: outcome.reason });
    return outcomes;
  });

export const slotsAreNeverMissed: BreakSurroundings = (surroundings) =>
  withWrites(surroundings, (write) => (writes, slot) => {
    const { clock } = surroundings;
    const always: Slot = { at: slot.at, lane: slot.lane, ready: () => clock.wait(slot.at - clock.now()) };
    return write(writes, always);
  });

const isPace = ({ input }: Parameters<Send>[0]) => Object(input.Key).pk === 'PACE';

/** Whoever is late gets more time, also when others count on the moment having passed. */
export const timeIsAlwaysGiven: BreakSurroundings = (surroundings) =>
  withTable(surroundings, (send) => (command) => {
    const { ConditionExpression: _dropped, ...rest } = command.input;
    const [, place] = /^SET (left\d) = :\w+$/.exec(String(rest.UpdateExpression)) ?? [];
    if (isPace(command) && place !== undefined) {
      const until = Object(rest.ExpressionAttributeValues)[`:new_${place}`];
      command.input = { ...rest, ExpressionAttributeValues: { [`:new_${place}`]: until } };
    }
    return send(command);
  });

/** Every Lambda keeps a pace of its own. */
export const paceIsPerProcess: BreakSurroundings = (surroundings) => {
  const own = surroundings.newId();
  return withTable(surroundings, (send) => (command) => {
    if (isPace(command)) command.input = { ...command.input, Key: { pk: 'PACE', sk: own } };
    return send(command);
  });
};

/** Conditions on folders' rows always hold: whoever writes last wins. */
export const conditionsAlwaysHold: BreakSurroundings = (surroundings) =>
  withTable(surroundings, (send) => (command) => {
    const { ConditionExpression, ...rest } = command.input;
    const isRow = Object(command.input.Item).sk === 'ROW';
    if (isRow && typeof ConditionExpression === 'string') {
      const { ExpressionAttributeValues: _unused, ...bare } = rest;
      command.input = bare;
    }
    return send(command);
  });

/** Rows are read as an index or a replica has them. */
export const readsLag: BreakSurroundings = (surroundings) =>
  withTable(surroundings, (send) => (command) => {
    const items = command.input.RequestItems;
    if (items !== undefined)
      command.input = {
        RequestItems: Object.fromEntries(
          Object.entries(Object(items)).map(([name, request]) => [
            name,
            Array.isArray(request) ? request : { ...Object(request), ConsistentRead: false },
          ]),
        ),
      };
    return send(command);
  });

/** Rows that are due are written, and the answer is lost with the write. */
export const rowsGetLost: BreakSurroundings = (surroundings) => {
  let rows = 0;
  return withTable(surroundings, (send) => (command) => {
    const isRow = Object(command.input.Item).sk === 'ROW';
    return isRow && rows++ % 7 === 3 ? Promise.resolve({}) : send(command);
  });
};

/** Moments in the future are taken as if they were near: due rows are moved out of sight. */
export const postponedForEver: BreakSurroundings = (surroundings) =>
  withTable(surroundings, (send) => (command) => {
    if (command instanceof UpdateCommand && command.input.UpdateExpression === 'SET dueAt = :to') {
      const values = { ...command.input.ExpressionAttributeValues };
      command.input.ExpressionAttributeValues = { ...values, ':to': Number(values[':to']) + 30 * 86_400_000 };
    }
    return send(command);
  });

/** What the queue refused counts as sent. */
export const refusedCountsAsSent: BreakSurroundings = (surroundings) => {
  const { sqs } = surroundings;
  const send = async (command: unknown) => {
    const answer: object = await sqs.send(command as never);
    return 'Failed' in answer ? {} : answer;
  };
  return { ...surroundings, sqs: { send } as never };
};

export const clocksAreApart: BreakSurroundings = (surroundings) => {
  const { clock } = surroundings;
  const offset = Math.floor(clock.random() * 1_500);
  return { ...surroundings, clock: { ...clock, now: () => clock.now() + offset } };
};

/** Every id is the same: somebody else's write is taken for one's own. */
export const idsAreNotUnique: BreakSurroundings = (surroundings) => ({
  ...surroundings,
  newId: () => 'the same',
});

export const settleAtOnce: BreakSurroundings = (surroundings) => ({
  ...surroundings,
  config: { ...surroundings.config, settleAfter: 1 },
});

export const unmarked: BreakSurroundings = (surroundings) => ({
  ...surroundings,
  config: { ...surroundings.config, marker: 'none' },
});

export const fixedZone: BreakSurroundings = (surroundings) =>
  withPace(surroundings, { timezone: 'Etc/GMT-1' });

type Hours = Surroundings['config']['pace']['businessHours'];

const withHours = ({ config }: Surroundings, change: (hours: Exclude<Hours, false>) => Hours): Hours =>
  config.pace.businessHours && change(config.pace.businessHours);

export const tooFast: BreakSurroundings = (surroundings) =>
  withPace(surroundings, {
    otherwise: { requestsPerSecond: 7 },
    businessHours: withHours(surroundings, (hours) => ({ ...hours, requestsPerSecond: 7 })),
  });

export const closesLate: BreakSurroundings = (surroundings) =>
  withPace(surroundings, {
    businessHours: withHours(surroundings, (hours) => ({ ...hours, fromMinute: hours.fromMinute + 10 })),
  });

/** A look at Moovago's companies that failed is taken for one that found none. */
export const failedPassIsEmpty: BreakSurroundings = (surroundings) => {
  const { moovago } = surroundings;
  const companyList: MoovagoClient['companyList'] = async (...given) => {
    const answer = await attempt(moovago.companyList(...given));
    if (answer.ok) return answer.value;
    if (answer.error instanceof TryLater) return [];
    throw answer.error;
  };
  return { ...surroundings, moovago: { ...moovago, companyList } };
};

/** One value that Moovago does not take refuses every record of its document. */
export const refusesAll: BreakSurroundings = (surroundings) =>
  withWrites(surroundings, (write) => async (writes, slot) => {
    const answer = await attempt(write(writes, slot));
    if (answer.ok) return answer.value;
    if (!(answer.error instanceof OperationRefused) || writes.length === 1) throw answer.error;
    const { reason } = answer.error;
    return writes.map(() => ({ kind: 'rejected', reason }));
  });

/** Rows are written with the attributes that this version of the code knows. */
export const dropsNewer: BreakSurroundings = (surroundings) =>
  withTable(surroundings, (send) => (command) => {
    const { [newerAttribute]: _dropped, ...known } = Object(command.input.Item);
    if (known.sk === 'ROW') command.input = { ...command.input, Item: known };
    return send(command);
  });

export const repsDecideOnNothing: BreakSurroundings = (surroundings) => {
  const { ownership } = surroundings.config;
  return {
    ...surroundings,
    config: { ...surroundings.config, ownership: { ...ownership, city: 'clavus' } },
  };
};

export const olderFolderWrites: BreakSurroundings = (surroundings) => ({
  ...surroundings,
  config: { ...surroundings.config, primary: 'first' },
});
