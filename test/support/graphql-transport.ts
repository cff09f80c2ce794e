import { expect } from 'vitest';
import type { System } from '../../lib/framework/errors.ts';
import {
  createGraphqlTransport,
  type GraphqlTransportOptions,
} from '../../lib/framework/graphql-transport.ts';
import { canaryKey, everythingIn, factsOf, failureOf } from './errors.ts';
import type { GraphqlServer, ScriptedAnswer } from './graphql-server.ts';

export const canaryName = 'Canary Solaire SARL';
export const document =
  'mutation Save($w0: CompanyCreateInput!) { w0: company { create(input: $w0) { recordId } } }';
export const variables = { w0: { name: canaryName } };
export const good = { json: { data: { w0: { create: { recordId: 'c1' } } } } };

/** A transport to Moovago at a scripted server, and the failures of what it sends: one record with canaries in it. */
export function transportTo(server: GraphqlServer) {
  function transport(options: Partial<GraphqlTransportOptions> = {}) {
    return createGraphqlTransport({
      system: 'Moovago',
      url: server.url,
      headers: async () => ({ 'x-api-key': canaryKey }),
      timeoutMs: 5000,
      ...options,
    });
  }

  /** What the failure says, having made sure that it says nothing about the key and the record. */
  async function failure(answer: ScriptedAnswer, options: Partial<GraphqlTransportOptions> = {}) {
    server.answers(answer);
    return safeFacts(await failureOf(transport(options)(document, variables)));
  }
  return { transport, failure };
}

/** What an error says, having made sure that it says nothing about the key and, but for the reason, the record. */
export function safeFacts(error: unknown) {
  const { reason, ...facts } = factsOf(error);
  const { reason: _, ...shown } = Object.fromEntries(Object.entries(Object(error)));
  const loggable = everythingIn(
    Object.assign(new Error(String(facts.message)), shown, { stack: Object(error).stack }),
  );
  expect(everythingIn(error)).not.toContain(canaryKey);
  expect(loggable).not.toContain(canaryName);
  expect(Object(error).cause).toBeUndefined();
  return reason === undefined ? facts : { ...facts, reason };
}

export const later = (applied: 'no' | 'unknown', message: string, more: Record<string, unknown> = {}) => ({
  kind: 'TryLater',
  message,
  system: 'Moovago' satisfies System,
  applied,
  ...more,
});
export const wrong = (where: string, message: string) => ({
  kind: 'ConfigurationError',
  where,
  message: `${where}: ${message}`,
});
export const refusedOperation = (said: string, reason: string) => ({
  kind: 'OperationRefused',
  where: 'MOOVAGO_API_URL',
  message: `MOOVAGO_API_URL: Moovago refused the operation: ${said}`,
  reason,
});
