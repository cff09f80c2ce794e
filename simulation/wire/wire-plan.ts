import type { Chance } from '../chance.ts';

export type WirePlan = ReturnType<typeof drawWire>;

/** How the servers of a run speak: what a guide leaves open, and each real server has decided. */
export function drawWire(chance: Chance) {
  return {
    /** Whose errors they are shaped like. */
    dialect: chance.pick('dialect', ['graphql-js', 'graphql-java'] as const),
    /** The payload of a record must not be null: one refusal makes all data null. */
    isNonNull: chance.hits('non-null', 0.5),
    /** Errors say neither what they are about, nor where. */
    masksErrors: chance.hits('masks', 0.2),
    /** A document that is not valid is answered with `data: null`, not without data. */
    refusesWithNull: chance.hits('refuses-null', 0.3),
    charset: chance.pick('charset', ['utf-8', 'utf-8', 'iso-8859-1'] as const),
    contentType: chance.pick('content-type', ['application/json', 'text/plain', 'text/html'] as const),
    /** What Clavus says of how many folders it has. */
    count: chance.pick('count', ['right', 'right', 'low', 'page', 'high', 'text', 'none'] as const),
    /** The ids of values in an answer by id are those of the values, not of their columns. */
    hasValueIds: chance.hits('value-ids', 0.3),
    /** More ids are refused. */
    idsMax: chance.pick('ids-max', [1_000, 1_000, 2] as const),
    /** A page of more folders ends in a 504. */
    heavyAbove: chance.pick('heavy', [1_000, 1_000, 1, 3] as const),
    /** So much older than an answer by id is a list, in milliseconds. */
    lagMs: chance.pick('lag', [0, 0, 20_000, 90_000] as const),
    /** How little may be missing at once. */
    believesLittle: chance.hits('believes-little', 0.3),
    /** A team of so many companies that lists end before them: of reps, besides those of customers. */
    crowd: chance.hits('crowd', 0.08) ? chance.pick('crowd of', [96, 103] as const) : 0,
  };
}
