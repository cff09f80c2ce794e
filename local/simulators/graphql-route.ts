import type { FieldNode, GraphQLResolveInfo, ValidationContext } from 'graphql';
import { responsePathAsArray } from 'graphql';
import { createGraphQLError, createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { jsonAnswer, type Route, refusal, type SimulatorContext } from './answer.ts';
import { errorFor } from './faults.ts';
import { operationsIn } from './operations-in.ts';

type GraphqlRouteOptions = Parameters<typeof createSchema<SimulatorContext>>[0] & {
  introspection: boolean;
  /** Gives an answer that holds errors the shape that the vendor's answers have. */
  errorShape?: (answer: unknown) => unknown;
};

/** A GraphQL endpoint. Whatever the document asks, the answer has HTTP status 200, as Moovago's guide has it. */
export function graphqlRoute({ introspection, errorShape, ...schema }: GraphqlRouteOptions): Route {
  const yoga = createYoga<SimulatorContext>({
    schema: createSchema<SimulatorContext>(schema),
    plugins: introspection ? [] : [noIntrospection],
    graphqlEndpoint: '/',
    maskedErrors: false,
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
  });
  return {
    operations: operationsIn,
    refusal,
    async execute(text, context) {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const response = await yoga.fetch(
        'http://simulator/',
        { method: 'POST', headers, body: text },
        context,
      );
      const answer = await response.text();
      // Quotes within values are escaped, so this only finds the key; big lists are spared a second parse.
      const failed = answer.includes('"errors":[');
      const shaped = failed && errorShape ? JSON.stringify(errorShape(JSON.parse(answer))) : answer;
      return { ...jsonAnswer(response.status, shaped), failed };
    },
  };
}

/**
 * As graphql's NoSchemaIntrospectionCustomRule, which cannot be used: vitest loads a second copy of graphql for us beside
 * the one that yoga has, and the rule refuses the other copy's types.
 */
const noIntrospection: Plugin = {
  onValidate({ addValidationRule }) {
    addValidationRule((context: ValidationContext) => ({
      Field(node: FieldNode) {
        if (node.name.value !== '__schema' && node.name.value !== '__type') return;
        context.reportError(createGraphQLError('Introspection has been disabled', { nodes: [node] }));
      },
    }));
  },
};

/** A resolver of an operation, where errors can be ordered. */
export function operation<Args, Result>(resolve: (args: Args, context: SimulatorContext) => Result) {
  return (_parent: unknown, args: Args, context: SimulatorContext, info: GraphQLResolveInfo): Result => {
    const path = responsePathAsArray(info.path).join('.');
    const error = errorFor(path, context.recorded, context.faults);
    if (error?.applied === false) throw createGraphQLError(error.message);
    const result = resolve(args, context);
    if (error !== undefined) throw createGraphQLError(error.message);
    return result;
  };
}
