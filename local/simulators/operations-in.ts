import { type FieldNode, Kind, type OperationDefinitionNode, parse, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';
import type { RecordedOperation } from './request-log.ts';

const body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Fields that only hold operations, and what they put in front of an operation's name. */
const namespaces = new Map([
  ['erpEnrAPI', ''],
  ['company', 'company.'],
  ['companyContact', 'companyContact.'],
  ['turnover', 'turnover.'],
]);

/** The operations in a GraphQL request; none where it is not one. Fragments are not looked into. */
export function operationsIn(text: string): RecordedOperation[] {
  try {
    const { query, variables, operationName } = body.parse(JSON.parse(text));
    const definition = parse(query).definitions.find(
      (one): one is OperationDefinitionNode =>
        one.kind === Kind.OPERATION_DEFINITION &&
        (operationName === undefined || operationName === null || one.name?.value === operationName),
    );
    return definition === undefined ? [] : operationsOf(definition, variables ?? {});
  } catch {
    return [];
  }
}

function operationsOf(definition: OperationDefinitionNode, variables: Record<string, unknown>) {
  return fieldsOf(definition).flatMap((field) => {
    const prefix = namespaces.get(field.name.value);
    if (prefix === undefined) return [recorded(field, '', '', variables)];
    return fieldsOf(field).map((child) => recorded(child, `${nameInAnswer(field)}.`, prefix, variables));
  });
}

function fieldsOf(node: OperationDefinitionNode | FieldNode): FieldNode[] {
  return (node.selectionSet?.selections ?? []).filter((one): one is FieldNode => one.kind === Kind.FIELD);
}

function nameInAnswer(field: FieldNode): string {
  return field.alias?.value ?? field.name.value;
}

function recorded(
  field: FieldNode,
  parent: string,
  prefix: string,
  variables: Record<string, unknown>,
): RecordedOperation {
  const args = (field.arguments ?? []).map((one) => [
    one.name.value,
    valueFromASTUntyped(one.value, variables),
  ]);
  return {
    path: `${parent}${nameInAnswer(field)}`,
    operation: `${prefix}${field.name.value}`,
    args: Object.fromEntries(args),
  };
}
