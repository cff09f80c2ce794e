import { type FieldNode, Kind, parse, type SelectionSetNode, valueFromASTUntyped } from 'graphql';
import type { ChildName } from '../../lib/moovago/entities/entity.ts';
import type { CompanyWrite } from '../../lib/moovago/write.ts';

/** A field that a document asks for, with its arguments, and the fields below it. */
export type Asked = {
  /** Its place in the answer: the alias, or the name. */
  key: string;
  name: string;
  args: Record<string, unknown>;
  below: Asked[];
};

type Body = { query: string; variables?: Record<string, unknown> };

/** The fields that the body of a request asks for, at the root. */
export function readRequest(body: string): Asked[] {
  const { query, variables = {} }: Body = JSON.parse(body);
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  return fieldsIn(operation.selectionSet, variables);
}

const isField = ({ kind }: { kind: Kind }) => kind === Kind.FIELD;

function fieldsIn(set: SelectionSetNode | undefined, variables: Record<string, unknown>): Asked[] {
  return (set?.selections ?? []).filter(isField).map((selection) => {
    const { name, alias, arguments: given = [], selectionSet } = selection as FieldNode;
    const args = given.map(({ name: arg, value }) => [arg.value, valueFromASTUntyped(value, variables)]);
    return {
      key: alias?.value ?? name.value,
      name: name.value,
      args: Object.fromEntries(args),
      below: fieldsIn(selectionSet, variables),
    };
  });
}

const children: Record<string, ChildName | undefined> = { companyContact: 'contact', turnover: 'turnover' };

/** The write behind an alias of a document. */
export function readWrite({ name, below: [operation] }: Asked): CompanyWrite {
  const child = children[name];
  const kind = operation?.name;
  const { id, input } = Object(operation?.args);
  if (kind === 'delete') return { kind, companyId: String(id), fields: {} };
  if (kind === 'update') return { kind, child, companyId: String(input.id), fields: input.input };
  if (child === undefined) return { kind: 'create', fields: input };
  const { companyId, ...fields } = input;
  return { kind: 'create', child, parentId: String(companyId), fields };
}
