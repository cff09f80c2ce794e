import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Surroundings } from '../lib/framework/app.ts';
import { attempt } from '../lib/framework/attempt.ts';
import { TryLater } from '../lib/framework/errors.ts';
import type { MoovagoClient } from '../lib/moovago/client.ts';
import type { WriteOutcome } from '../lib/moovago/company.ts';
import type { Slot } from '../lib/moovago/slot.ts';

/** A connector that is broken on purpose, by breaking what surrounds it: the oracle has to notice. */
export type Mutant = (surroundings: Surroundings) => Surroundings;

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
const unknownIsNo: Mutant = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const result = await attempt(write(...given));
    if (result.ok) return result.value;
    throw result.error instanceof TryLater && result.error.applied === 'unknown'
      ? notApplied()
      : result.error;
  });

/** An answer of a certain kind is taken for a proof that nothing was applied. */
const outcomeIsNo =
  (kind: WriteOutcome['kind']): Mutant =>
  (surroundings) =>
    withWrites(surroundings, (write) => async (...given) => {
      const outcomes = await write(...given);
      if (outcomes.some((outcome) => outcome.kind === kind)) throw notApplied();
      return outcomes;
    });

/** A write is sent again at once, as some HTTP clients do by themselves. */
const writesAreRetried: Mutant = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const result = await attempt(write(...given));
    if (result.ok) return result.value;
    if (result.error instanceof TryLater && result.error.applied === 'unknown') return write(...given);
    throw result.error;
  });

const ignores429: Mutant = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const result = await attempt(write(...given));
    if (result.ok) return result.value;
    throw result.error instanceof TryLater && result.error.status === 429 ? notApplied() : result.error;
  });

/** The answers of a document are given to its records in the wrong order. */
const answersAreMixedUp: Mutant = (surroundings) =>
  withWrites(
    surroundings,
    (write) =>
      async (...given) =>
        (await write(...given)).toReversed(),
  );

const reasonsAreLogged: Mutant = (surroundings) =>
  withWrites(surroundings, (write) => async (...given) => {
    const outcomes = await write(...given);
    for (const outcome of outcomes)
      if (outcome.kind === 'rejected') surroundings.telemetry.log.warn('refused', { reason: outcome.reason });
    return outcomes;
  });

const slotsAreNeverMissed: Mutant = (surroundings) =>
  withWrites(surroundings, (write) => (writes, slot) => {
    const always: Slot = { at: slot.at, lane: slot.lane, check: () => {} };
    return write(writes, always);
  });

const isPace = ({ input }: Parameters<Send>[0]) => Object(input.Key).pk === 'PACE';

/** Every Lambda keeps a pace of its own. */
const paceIsPerProcess: Mutant = (surroundings) => {
  const own = surroundings.newId();
  return withTable(surroundings, (send) => (command) => {
    if (isPace(command)) command.input = { ...command.input, Key: { pk: 'PACE', sk: own } };
    return send(command);
  });
};

/** Conditions on folders' rows always hold: whoever writes last wins. */
const conditionsAlwaysHold: Mutant = (surroundings) =>
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
const readsLag: Mutant = (surroundings) =>
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
const rowsGetLost: Mutant = (surroundings) => {
  let rows = 0;
  return withTable(surroundings, (send) => (command) => {
    const isRow = Object(command.input.Item).sk === 'ROW';
    return isRow && rows++ % 7 === 3 ? Promise.resolve({}) : send(command);
  });
};

/** Moments in the future are taken as if they were near: due rows are moved out of sight. */
const postponedForEver: Mutant = (surroundings) =>
  withTable(surroundings, (send) => (command) => {
    if (command instanceof UpdateCommand && command.input.UpdateExpression === 'SET dueAt = :to') {
      const values = { ...command.input.ExpressionAttributeValues };
      command.input.ExpressionAttributeValues = { ...values, ':to': Number(values[':to']) + 30 * 86_400_000 };
    }
    return send(command);
  });

/** What the queue refused counts as sent. */
const refusedCountsAsSent: Mutant = (surroundings) => {
  const { sqs } = surroundings;
  const send = async (command: unknown) => {
    const answer: object = await sqs.send(command as never);
    return 'Failed' in answer ? {} : answer;
  };
  return { ...surroundings, sqs: { send } as never };
};

const clocksAreApart: Mutant = (surroundings) => {
  const { clock } = surroundings;
  const offset = Math.floor(clock.random() * 1_500);
  return { ...surroundings, clock: { ...clock, now: () => clock.now() + offset } };
};

/** Every id is the same: somebody else's write is taken for one's own. */
const idsAreNotUnique: Mutant = (surroundings) => ({ ...surroundings, newId: () => 'the same' });

const settleAtOnce: Mutant = (surroundings) => ({
  ...surroundings,
  config: { ...surroundings.config, settleAfter: 1 },
});

const unmarked: Mutant = (surroundings) => ({
  ...surroundings,
  config: { ...surroundings.config, marker: 'none' },
});

const fixedZone: Mutant = (surroundings) => withPace(surroundings, { timezone: 'Etc/GMT-1' });

const tooFast: Mutant = (surroundings) =>
  withPace(surroundings, {
    otherwise: { requestsPerSecond: 7 },
    businessHours: { ...surroundings.config.pace.businessHours, requestsPerSecond: 7 },
  });

const closesLate: Mutant = (surroundings) => {
  const { businessHours } = surroundings.config.pace;
  return withPace(surroundings, {
    businessHours: { ...businessHours, fromMinute: businessHours.fromMinute + 10 },
  });
};

/** Each with the number of seeds within which it must be caught. */
export const mutants: ReadonlyMap<string, { mutate: Mutant; seeds: number }> = new Map([
  ['an open outcome is taken for none', { mutate: unknownIsNo, seeds: 60 }],
  ['an answer without an id is taken for nothing done', { mutate: outcomeIsNo('unknown'), seeds: 400 }],
  ['an error in an answer is taken for nothing done', { mutate: outcomeIsNo('rejected'), seeds: 60 }],
  ['writes are retried at once', { mutate: writesAreRetried, seeds: 60 }],
  ['429 is a failure like any other', { mutate: ignores429, seeds: 200 }],
  ['answers are mixed up', { mutate: answersAreMixedUp, seeds: 20 }],
  ['reasons are logged', { mutate: reasonsAreLogged, seeds: 20 }],
  ['slots are never missed', { mutate: slotsAreNeverMissed, seeds: 400 }],
  ['every process has a pace of its own', { mutate: paceIsPerProcess, seeds: 200 }],
  ['the last writer wins', { mutate: conditionsAlwaysHold, seeds: 100 }],
  ['rows are read late', { mutate: readsLag, seeds: 200 }],
  ['writes to the table get lost', { mutate: rowsGetLost, seeds: 20 }],
  ['what is postponed never comes back', { mutate: postponedForEver, seeds: 20 }],
  ['what the queue refused counts as sent', { mutate: refusedCountsAsSent, seeds: 60 }],
  ['clocks stand apart', { mutate: clocksAreApart, seeds: 200 }],
  ['ids are not unique', { mutate: idsAreNotUnique, seeds: 200 }],
  ['nothing settles', { mutate: settleAtOnce, seeds: 200 }],
  ['no marker', { mutate: unmarked, seeds: 5 }],
  ['Paris is always an hour ahead', { mutate: fixedZone, seeds: 200 }],
  ['too fast', { mutate: tooFast, seeds: 100 }],
  ['the bulk window closes late', { mutate: closesLate, seeds: 200 }],
]);
