import * as z from 'zod';
import type { GraphqlError } from '../framework/graphql-errors.ts';
import { type CompanyRecord, type CompanyWrite, textFields, type WriteOutcome } from './company.ts';

/**
 * One document for many writes: each is a `company` of its own alias, w0, w1, …, written as in the guide's samples.
 * The records travel as variables.
 */
export function writeDocument(writes: readonly CompanyWrite[]): {
  document: string;
  variables: Record<string, unknown>;
} {
  const declared = writes.map(({ kind }, n) => `$${alias(n)}: ${inputType[kind]}`).join(', ');
  const operations = writes.map(
    ({ kind }, n) => `  ${alias(n)}: company { ${kind}(input: $${alias(n)}) { recordId } }`,
  );
  return {
    document: `mutation WriteCompanies(${declared}) {\n${operations.join('\n')}\n}`,
    variables: Object.fromEntries(writes.map((write, n) => [alias(n), inputOf(write)])),
  };
}

const inputType = { create: 'CompanyCreateInput!', update: 'CompanyUpdateInput!' } as const;
const alias = (n: number): string => `w${n}`;

function inputOf(write: CompanyWrite): unknown {
  const fields = documented(write.fields);
  return write.kind === 'create' ? fields : { id: write.companyId, input: fields };
}

/** The fields that the guide documents, in its order, and nothing else that the object may carry. */
function documented(fields: CompanyRecord): Record<string, unknown> {
  return Object.fromEntries(
    (['ownerIds', ...textFields] as const).flatMap((name) =>
      fields[name] === undefined ? [] : [[name, fields[name]]],
    ),
  );
}

const written = z.object({ recordId: z.string().min(1) });
const writtenAlias = z
  .union([z.object({ create: written }), z.object({ update: written })])
  .transform((company) => ('create' in company ? company.create.recordId : company.update.recordId));
const answerByAlias = z.record(z.string(), z.unknown()).catch({});

/**
 * What became of each write, in the order of the writes: judged by its own id and by the errors on its own path.
 * An error without a path is about none of them in particular: it takes no id away and gives no reason.
 */
export function writeOutcomes(
  writes: readonly CompanyWrite[],
  { data, errors }: { data: unknown; errors: readonly GraphqlError[] },
): WriteOutcome[] {
  const answers = answerByAlias.parse(data);
  return writes.map((_, n) => {
    const companyId = writtenAlias.safeParse(answers[alias(n)]).data;
    // Where a document has one write only, any path is that write's, whatever the service calls it.
    const refused = errors.find(
      ({ path }) => path !== undefined && (path[0] === alias(n) || writes.length === 1),
    );
    if (refused !== undefined) {
      const reason = refused.message || 'no reason given';
      return companyId === undefined ? { kind: 'rejected', reason } : { kind: 'rejected', reason, companyId };
    }
    return companyId === undefined
      ? { kind: 'unknown', reason: 'Moovago gave neither an id nor an error' }
      : { kind: 'written', companyId };
  });
}
