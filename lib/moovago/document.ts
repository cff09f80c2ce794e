import * as z from 'zod';
import { type GraphqlError, meaningOf, recordVerdict } from '../framework/answer-judgement.ts';
import { serviceId } from '../framework/service-id.ts';
import { entities } from './entities/entities.ts';
import type { Entity } from './entities/entity.ts';
import type { EntityRecord, RecordField } from './entities/record.ts';
import type { CompanyWrite, WriteOutcome } from './write.ts';

/**
 * One document for many writes, of any entities. Each write has its own alias (w0, w1, …), and the form of the guide's
 * samples. The records are sent as variables.
 */
export function writeDocument(writes: readonly CompanyWrite[]): {
  document: string;
  variables: Record<string, unknown>;
} {
  const withInput = writes.flatMap((write, n) =>
    write.kind === 'delete' ? [] : [{ write, name: alias(n) }],
  );
  const declared = withInput
    .map(({ write, name }) => `$${name}: ${entityOf(write).inputs[write.kind]}`)
    .join(', ');
  const operations = writes.map(
    (write, n) => `  ${alias(n)}: ${entityOf(write).mutation} { ${operationOf(write, n)} { recordId } }`,
  );
  return {
    document: `mutation WriteCompanies${declared && `(${declared})`} {\n${operations.join('\n')}\n}`,
    variables: Object.fromEntries(withInput.map(({ write, name }) => [name, inputOf(write)])),
  };
}

/** The guide shows no deletion. That it takes the company's id, as a string or an id, is an assumption. */
function operationOf(write: CompanyWrite, n: number): string {
  if (write.kind !== 'delete') return `${write.kind}(input: $${alias(n)})`;
  // Every JSON string is a valid GraphQL string.
  return `delete(id: ${JSON.stringify(write.companyId)})`;
}

const entityOf = ({ child }: CompanyWrite): Entity => entities[child ?? 'company'];
const alias = (n: number): string => `w${n}`;

function inputOf(write: Exclude<CompanyWrite, { kind: 'delete' }>): unknown {
  const entity = entityOf(write);
  const fields = known(write.fields, entity);
  if (write.kind === 'update') return { id: write.companyId, input: fields };
  return write.child === undefined || entity.child === undefined
    ? fields
    : { [entity.child.parentField]: write.parentId, ...fields };
}

/** The fields of the entity, in its order, and nothing else that the object may have. */
function known(fields: EntityRecord, { fields: names, numbers = [] }: Entity): Record<string, unknown> {
  // An empty text clears the field; for a number, that is null.
  const asSent = (name: RecordField, value: unknown) =>
    numbers.includes(name) ? (value === '' ? null : Number(value)) : value;
  const given = names.filter((name) => fields[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, asSent(name, fields[name])]));
}

const written = z.object({ recordId: serviceId });
const writtenAlias = z
  .union([
    z.object({ create: written }).transform(({ create }) => create),
    z.object({ update: written }).transform(({ update }) => update),
    z.object({ delete: written }).transform((company) => company.delete),
  ])
  .transform(({ recordId }) => recordId);
const answerByAlias = z.record(z.string(), z.unknown()).catch({});

/**
 * The outcome of each write, in the order of the writes: decided by its own id and by the errors on its own path. An
 * error without a path concerns no single write. Without any data, several writes have no outcome. The error of one
 * record may hide what became of the others. A write that is alone takes every error for its own.
 */
export function writeOutcomes(
  writes: readonly CompanyWrite[],
  { data, errors }: { data: unknown; errors: readonly GraphqlError[] },
): WriteOutcome[] {
  const answers = answerByAlias.parse(data);
  const isAlone = writes.length === 1;
  const slow = errors.some((error) => meaningOf(error) === 'throttled');
  if (data === null && !isAlone) return writes.map(() => (slow ? slowed : unanswered));
  return writes.map((_, n) => {
    const companyId = writtenAlias.safeParse(answers[alias(n)]).data;
    const own = errors.find(({ path }) => path !== undefined && (path[0] === alias(n) || isAlone));
    if (own !== undefined) return outcomeOf(own, companyId);
    return companyId === undefined ? unanswered : { kind: 'written', companyId };
  });
}

const unanswered = { kind: 'unknown', reason: 'Moovago gave neither an id nor an error' } as const;
const failed = { kind: 'unknown', reason: 'Moovago failed on this record' } as const;
const slowed = { kind: 'throttled', reason: 'Moovago had too many requests' } as const;

function outcomeOf(error: GraphqlError, companyId: string | undefined): WriteOutcome {
  const reason = error.message || 'no reason given';
  if (companyId !== undefined) return { kind: 'rejected', reason, companyId };
  const verdict = recordVerdict(error);
  if (verdict === 'throttled') return slowed;
  return verdict === 'rejected' ? { kind: 'rejected', reason } : failed;
}
