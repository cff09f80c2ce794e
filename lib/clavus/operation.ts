import { assertName, type FieldNode, Kind, parse, print, type ValueNode, visit } from 'graphql';

/** A value of an enum, which GraphQL writes without quotes. */
type EnumLiteral = { enumValue: string };
export type Literal = string | number | EnumLiteral | readonly Literal[] | LiteralFields;
type LiteralFields = { readonly [name: string]: Literal };

export type Operation = { document: string; variables: Record<string, unknown> };

/**
 * Adapts a document of the guide to one call. Variables without a value are removed. The guide does not name the types
 * of some arguments, so no variable can declare them: GraphQL's printer writes them inline.
 * @param text the document with every variable that the call may have
 * @param variables those that are `undefined` are removed, both definition and argument
 * @param inline arguments to write into the field of that name; those that are `undefined` are left out
 * @throws GraphQLError for an enum value that is not a valid name
 */
export function operation(
  text: string,
  variables: Record<string, unknown>,
  inline: { field: string; arguments: Record<string, Literal | undefined> } = { field: '', arguments: {} },
): Operation {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
  const document = visit(parse(text), {
    VariableDefinition: ({ variable }) => (Object.hasOwn(given, variable.name.value) ? undefined : null),
    Argument: ({ value }) =>
      value.kind === Kind.VARIABLE && !Object.hasOwn(given, value.name.value) ? null : undefined,
    Field: {
      leave: (field) =>
        field.name.value === inline.field ? withArguments(field, inline.arguments) : undefined,
    },
  });
  return { document: print(document), variables: given };
}

function withArguments(field: FieldNode, literals: Record<string, Literal | undefined>): FieldNode {
  const written = Object.entries(literals).flatMap(([name, literal]) =>
    literal === undefined
      ? []
      : [
          {
            kind: Kind.ARGUMENT,
            name: { kind: Kind.NAME, value: name } as const,
            value: valueNode(literal),
          } as const,
        ],
  );
  return { ...field, arguments: [...(field.arguments ?? []), ...written] };
}

function valueNode(literal: Literal): ValueNode {
  if (typeof literal === 'string') {
    return { kind: Kind.STRING, value: literal };
  }
  if (typeof literal === 'number') {
    const kind = Number.isInteger(literal) ? Kind.INT : Kind.FLOAT;
    return { kind, value: String(literal) };
  }
  if (isList(literal)) {
    return { kind: Kind.LIST, values: literal.map(valueNode) };
  }
  if (isEnum(literal)) {
    return { kind: Kind.ENUM, value: assertName(literal.enumValue) };
  }
  const fields = Object.entries(literal).map(
    ([name, value]) =>
      ({ kind: Kind.OBJECT_FIELD, name: { kind: Kind.NAME, value: name }, value: valueNode(value) }) as const,
  );
  return { kind: Kind.OBJECT, fields };
}

const isList = (literal: Literal): literal is readonly Literal[] => Array.isArray(literal);
const isEnum = (literal: EnumLiteral | LiteralFields): literal is EnumLiteral => 'enumValue' in literal;
