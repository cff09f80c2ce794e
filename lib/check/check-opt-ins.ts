import type { GraphQLSchema } from 'graphql';
import { readSchema } from '../framework/graphql-schema.ts';
import { type OptIn, operationsHash, optInOperations } from '../mapping/opt-ins.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { SentOperation } from '../moovago/operations.ts';
import type { OperationHashes } from '../state/verified-operations.ts';
import { error, type Finding, note, warning } from './finding.ts';
import { operationProblems } from './operation-problems.ts';

const schemaName = "Moovago's schema";
const waits = 'It is not sent, and companies go on without it';

/** What the configuration asks for beyond Moovago's guide, while no schema proves it. */
export const unverifiedOptIns = (config: SyncConfig | undefined): Finding[] =>
  requestedIn(config).map(([name]) =>
    error(name, "is an assumption that Moovago's schema has not proved", {
      cure: `${waits}, until you have run: npx clavus-moovago check --moovago-schema FILE`,
    }),
  );

const requestedIn = (config: SyncConfig | undefined) => (config ? [...optInOperations(config)] : []);

/** Checks everything that the opt-ins would send against the schema. */
export function checkOptIns(schema: GraphQLSchema, config: SyncConfig | undefined): Finding[] {
  return requestedIn(config).flatMap(([name, operations]) => {
    const { invalid, deprecated } = problemsOf(operations, schema);
    const where = `${schemaName}: ${name}`;
    const announced = deprecated.map((message) => warning(where, message, { isChange: true }));
    if (invalid.length === 0) return [note(where, 'assumption proved: it may be sent'), ...announced];
    const cure = `${waits}: take out of ${name} what the schema does not know, or all of it.`;
    return invalid.map((message) => error(where, message, { cure, isChange: true }));
  });
}

/** The opt-ins that the text of a schema proves; `undefined` if the text is not a schema. */
export function verifiedOptIns(text: string, config: SyncConfig): OperationHashes | undefined {
  const read = readSchema(text);
  if ('problem' in read) return undefined;
  const isVerified = ([, operations]: [OptIn, SentOperation[]]) =>
    problemsOf(operations, read.schema).invalid.length === 0;
  return Object.fromEntries(
    requestedIn(config)
      .filter(isVerified)
      .map(([name, operations]) => [name, operationsHash(operations)]),
  );
}

function problemsOf(operations: readonly SentOperation[], schema: GraphQLSchema) {
  const found = operations.map((operation) => operationProblems(operation, schema));
  return {
    invalid: [...new Set(found.flatMap(({ invalid }) => invalid))],
    deprecated: [...new Set(found.flatMap(({ deprecated }) => deprecated))],
  };
}
