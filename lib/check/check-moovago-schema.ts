import type { GraphQLSchema } from 'graphql';
import { readSchema } from '../framework/graphql-schema.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { textFields } from '../moovago/company.ts';
import { sampleOperations } from '../moovago/operations.ts';
import { checkOptIns, unverifiedOptIns } from './check-opt-ins.ts';
import { error, type Finding, note, warning } from './finding.ts';
import { type OperationProblems, operationProblems } from './operation-problems.ts';

const schemaName = "Moovago's schema";
const update = 'Moovago has changed: the connector needs a version that knows the change.';
const soonGone =
  'Moovago removes what is deprecated some months later: ask for a version that does without it.';

/** What is lost if companies cannot be read back. Every pass over the companies detects this, and works without it. */
export const lostWithoutReadBack =
  'companies cannot be read back with their texts, so the marker in the note is never found: companies of reps are' +
  ' recognised by name only, a creation without an answer is looked up by name, and nothing tells what reps changed';

const withoutField = (field: string) =>
  `Take company.${field} out of sync.config.ts, or ask for a version that knows the change.`;

/** Checks Moovago's schema, the file that its guide offers for download. `undefined`: the operator has given none yet. */
export function checkSchemaText(text: string | undefined, config: SyncConfig | undefined): Finding[] {
  if (text === undefined)
    return [
      note(schemaName, "was not given: download it from Moovago's guide, and check --moovago-schema FILE"),
      ...unverifiedOptIns(config),
    ];
  const read = readSchema(text);
  return 'schema' in read
    ? checkMoovagoSchema(read.schema, config)
    : [
        error(schemaName, `the file ${read.problem}.`, {
          cure: "Download moovago_api_graphql_schema.gql from Moovago's guide.",
        }),
      ];
}

/** Checks every operation of the connector against Moovago's schema: what is invalid now, and what is deprecated. */
function checkMoovagoSchema(schema: GraphQLSchema, config: SyncConfig | undefined): Finding[] {
  const mapped = [...textFields, 'ownerIds' as const].filter((field) => isSent(field, config));
  const operations = sampleOperations(mapped);
  const obligatory = sampleOperations(['name']).create;
  const problems = (operation: Parameters<typeof operationProblems>[0]) =>
    operationProblems(operation, schema);
  const create = problems(operations.create);
  const found = [
    ...told('team', problems(operations.team)),
    ...told('companyList', problems(operations.companyList)),
    ...told('company.create', create),
    ...problems(obligatory)
      .invalid.filter((message) => !create.invalid.includes(message))
      .map((message) => onlySometimes('company.create', message)),
    ...told('company.update', problems(operations.update)),
  ];
  const known = new Set(found.map(({ message }) => message));
  const others = [
    ...readBack(problems(operations.companyListWithTexts)),
    ...deletion(problems(operations.delete), config),
    ...(config?.mandators ? [] : unused('mandatorList', problems(operations.mandatorList))),
    ...checkOptIns(schema, config),
  ].filter(({ message }) => !known.has(message));
  return [...found, ...others];
}

/** Without a configuration, every field counts as sent. */
function isSent(field: (typeof textFields)[number] | 'ownerIds', config: SyncConfig | undefined): boolean {
  if (config === undefined || field === 'name') return true;
  return config.company[field] !== undefined || (field === 'note' && config.marker === 'note');
}

const place = (operation: string) => `${schemaName}: ${operation}`;

function told(operation: string, { invalid, deprecated }: OperationProblems): Finding[] {
  return [
    ...invalid.map((message) => {
      const field = /^Field "(\w+)" is not defined by type/.exec(message)?.[1];
      const isOptional = field !== undefined && field !== 'name' && operation.startsWith('company.');
      const cure = isOptional ? withoutField(field) : update;
      return error(place(operation), message, { cure, isChange: true });
    }),
    ...announced(operation, deprecated),
  ];
}

const announced = (operation: string, deprecated: readonly string[]): Finding[] =>
  deprecated.map((message) => warning(place(operation), message, { cure: soonGone, isChange: true }));

const onlySometimes = (operation: string, message: string): Finding =>
  warning(place(operation), message, {
    cure: 'A folder whose column for this field is blank will be refused: see to it that none is.',
    isChange: true,
  });

/** Reading more of a company than the guide shows (assumption). */
function readBack({ invalid, deprecated }: OperationProblems): Finding[] {
  const operation = 'companyList with texts';
  if (invalid.length === 0)
    return [
      note(place(operation), `assumption proved: companies can be read back (${textFields.join(', ')})`),
      ...announced(operation, deprecated),
    ];
  return [
    warning(place(operation), `assumption disproved: ${lostWithoutReadBack}`, {
      cure: 'Every change is sent all the same; look now and then for companies that are there twice under different names.',
    }),
    ...invalid.map((message) => warning(place(operation), message, { isChange: true })),
  ];
}

/** The guide shows no deletion (assumption). */
function deletion({ invalid, deprecated }: OperationProblems, config: SyncConfig | undefined): Finding[] {
  const operation = 'company.delete';
  const isWanted = config?.onRemoved === 'delete';
  if (invalid.length === 0)
    return [
      note(place(operation), 'assumption proved: company.delete(id:) exists'),
      ...(isWanted ? announced(operation, deprecated) : []),
    ];
  if (isWanted)
    return invalid.map((message) =>
      error(place(operation), message, { cure: "Set onRemoved to 'keep' or 'flag'.", isChange: true }),
    );
  return [
    note(
      place(operation),
      "assumption disproved: company.delete(id:) does not exist; only onRemoved: 'delete' needs it",
    ),
  ];
}

/** The client can send it, but this configuration does not use it. */
const unused = (operation: string, { invalid }: OperationProblems): Finding[] =>
  invalid.map((message) => note(place(operation), `${message} No synchronisation needs it.`));
