import type { GraphQLSchema } from 'graphql';
import { sampleReadings } from '../clavus/operations.ts';
import { error, type Finding, note, warning } from './finding.ts';
import { operationProblems } from './operation-problems.ts';

const where = "Clavus' schema";

/** Every reading operation of the connector, held against what Clavus says of itself. */
export function checkClavusSchema(schema: GraphQLSchema | undefined): Finding[] {
  if (schema === undefined)
    return [
      note(where, 'Clavus does not tell its schema (introspection is off): its operations were only tried'),
    ];
  const found = Object.entries(sampleReadings()).flatMap(([name, operation]) => {
    const { invalid, deprecated } = operationProblems(operation, schema);
    const at = `${where}: ${name}`;
    return [
      ...invalid.map((message) =>
        error(at, message, {
          cure: 'Clavus has changed: the connector needs a version that knows the change.',
          isChange: true,
        }),
      ),
      ...deprecated.map((message) =>
        warning(at, message, {
          cure: 'Clavus may remove it: ask for a version that does without it.',
          isChange: true,
        }),
      ),
    ];
  });
  return found.length > 0 ? found : [note(where, 'Clavus takes every operation that the connector sends')];
}
