import {
  type GraphQLSchema,
  Kind,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  type ValueNode,
  validate,
  visit,
} from 'graphql';

type Sent = { document: string; variables: Record<string, unknown> };

/** What a schema says about one operation, in GraphQL's own words, which name the element. */
export type OperationProblems = { invalid: string[]; deprecated: string[] };

/**
 * Validates an operation against a schema, by GraphQL's own rules. Its variables are checked twice: by the types that
 * the document declares, and written inline. The inline form checks every field of an input.
 */
export function operationProblems({ document, variables }: Sent, schema: GraphQLSchema): OperationProblems {
  const declared = parse(document);
  const written = visit(declared, {
    VariableDefinition: () => null,
    Variable: ({ name }) => valueNode(variables[name.value]),
  });
  const messages = (one: typeof declared, rules: typeof specifiedRules) =>
    validate(schema, one, rules, { maxErrors: 1000 }).map(({ message }) => message);
  const invalid = [...messages(declared, specifiedRules), ...messages(written, specifiedRules)];
  return {
    invalid: [...new Set(invalid)],
    deprecated: [...new Set(messages(written, [NoDeprecatedCustomRule]))],
  };
}

function valueNode(value: unknown): ValueNode {
  if (Array.isArray(value)) return { kind: Kind.LIST, values: value.map(valueNode) };
  if (typeof value === 'number') return { kind: Kind.INT, value: String(value) };
  if (typeof value !== 'object' || value === null) return { kind: Kind.STRING, value: String(value) };
  const fields = Object.entries(value).map(
    ([name, one]) =>
      ({ kind: Kind.OBJECT_FIELD, name: { kind: Kind.NAME, value: name }, value: valueNode(one) }) as const,
  );
  return { kind: Kind.OBJECT, fields };
}
