import type { GraphQLSchema } from 'graphql';
import type { Operation } from '../clavus/operation.ts';
import { sampleReadings } from '../clavus/operations.ts';
import { upsertProspect } from '../clavus/prospect.ts';
import { prospectFields } from '../clavus/prospect-record.ts';
import type { ProspectsConfig } from '../mapping/prospects-config.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { error, type Finding, note, warning } from './finding.ts';
import { operationProblems } from './operation-problems.ts';

const where = "Clavus' schema";

/** Checks every operation of the connector against Clavus' own schema. */
export function checkClavusSchema(
  schema: GraphQLSchema | undefined,
  config: SyncConfig | undefined,
): Finding[] {
  if (schema === undefined)
    return [
      note(where, 'Clavus does not tell its schema (introspection is off): its operations were only tried'),
    ];
  const operations = { ...sampleReadings(), ...(config?.prospects ? sampleProspects(config.prospects) : {}) };
  const found = Object.entries(operations).flatMap(([name, operation]) => {
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

/** The mutations for a new and for an edited prospect, with sample values. */
function sampleProspects({ fields, type }: ProspectsConfig): Record<string, Operation> {
  const record = Object.fromEntries(
    prospectFields.filter((field) => fields[field] !== undefined).map((field) => [field, 'value']),
  );
  return {
    'upsertProspect (new)': upsertProspect({ ...record, ...(type === 'MORAL' ? { type } : {}) }),
    'upsertProspect (edited)': upsertProspect({ ...record, id: 'prospect' }),
  };
}
