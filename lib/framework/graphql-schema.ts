import {
  buildASTSchema,
  buildClientSchema,
  type DocumentNode,
  type GraphQLSchema,
  type IntrospectionQuery,
  Kind,
  type NamedTypeNode,
  parse,
  visit,
} from 'graphql';
import * as z from 'zod';

/** In characters: far more than any API's schema, and still quick to read. */
const charactersMax = 5_000_000;

/** A schema, or a sentence that says why the text is not one. */
export type ReadSchema = { schema: GraphQLSchema } | { problem: string };

/**
 * Reads a schema in GraphQL's own language, as Moovago offers it for download. Undefined directives are ignored.
 * Scalars of AWS AppSync (`AWSDateTime`, …), which no such file defines, are added.
 */
export function readSchema(text: string): ReadSchema {
  const start = text.slice(0, 500).trimStart();
  if (text.trim() === '') return { problem: 'is empty' };
  if (text.length > charactersMax)
    return { problem: `is longer than ${charactersMax} characters: that is no schema` };
  if (/^<(!doctype|html|\?xml)/i.test(start)) return { problem: 'is a web page, not a schema' };
  try {
    const document = parse(text);
    return asSchema(buildASTSchema(withAppSyncScalars(document), { assumeValidSDL: true }));
  } catch (error) {
    return { problem: `is no GraphQL schema: ${error instanceof Error ? reasonOf(error) : ''}` };
  }
}

const introspection = z.custom<IntrospectionQuery>(
  (value) => typeof value === 'object' && value !== null && '__schema' in value,
);

/** Reads the answer to an introspection query; `undefined` if it is not one. */
export function readIntrospection(answer: unknown): GraphQLSchema | undefined {
  try {
    return buildClientSchema(introspection.parse(answer), { assumeValid: true });
  } catch {
    return undefined;
  }
}

function asSchema(schema: GraphQLSchema): ReadSchema {
  return schema.getQueryType() === undefined
    ? { problem: 'holds no type Query: it is a query, or a part of a schema' }
    : { schema };
}

function withAppSyncScalars(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    NamedType: ({ name }: NamedTypeNode) => {
      if (/^AWS[A-Z]/.test(name.value)) used.add(name.value);
    },
  });
  for (const definition of document.definitions)
    if ('name' in definition && definition.name) used.delete(definition.name.value);
  const scalars = [...used].map((value) => ({
    kind: Kind.SCALAR_TYPE_DEFINITION as const,
    name: { kind: Kind.NAME as const, value },
  }));
  return { ...document, definitions: [...document.definitions, ...scalars] };
}

/** GraphQL's own words, which name a type or a character, with the line if it is known. */
function reasonOf(error: Error): string {
  const [line] =
    'locations' in error
      ? z
          .array(z.object({ line: z.number() }))
          .catch([])
          .parse(error.locations)
      : [];
  const reason = error.message.split('\n')[0]?.slice(0, 150) ?? '';
  return line === undefined ? reason : `${reason} (line ${line.line})`;
}
