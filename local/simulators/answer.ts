import { STATUS_CODES } from 'node:http';
import type { Fault } from './faults.ts';
import type { RecordedOperation, RecordedRequest } from './request-log.ts';

/** An HTTP answer. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** HTTP 200 with something in `errors[]`. */
  failed?: boolean;
};
type Reply = Answer | 'hang' | 'reset';

/** What a resolver knows of the request that it serves. */
export type SimulatorContext = { recorded: RecordedRequest; faults: Fault[] };

/** What answers at one path. */
export type Route = {
  operations(body: string): RecordedOperation[];
  execute(body: string, context: SimulatorContext): Answer | Promise<Answer>;
  /** The answer with a status that is not 200. */
  refusal(status: number): Answer;
};

/** Executes a request, unless a fault stands before that; a fault may also stand between the effect and the answer. */
export async function replyTo(route: Route, body: string, context: SimulatorContext): Promise<Reply> {
  const { recorded, faults } = context;
  const before = firstReply(faults, (fault) => replyWithoutEffect(fault, route));
  if (before !== undefined) {
    recorded.outcome = before.kind;
    return before.reply;
  }
  const answer = await route.execute(body, context);
  const after = firstReply(faults, (fault) => replyAfterEffect(fault, answer, route));
  recorded.outcome = after?.kind ?? (answer.failed === true ? 'errors' : 'answered');
  return after?.reply ?? answer;
}

function firstReply(
  faults: Fault[],
  replyOf: (fault: Fault) => Reply | undefined,
): { kind: Fault['kind']; reply: Reply } | undefined {
  for (const fault of faults) {
    const reply = replyOf(fault);
    if (reply !== undefined) return { kind: fault.kind, reply };
  }
  return undefined;
}

function replyWithoutEffect(fault: Fault, route: Route): Reply | undefined {
  switch (fault.kind) {
    case 'status': {
      const answer = route.refusal(fault.status);
      if (fault.retryAfter === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'retry-after': fault.retryAfter } };
    }
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!doctype html><html lang="fr"><title>Connexion</title><p>Veuillez vous connecter.</p></html>',
      };
    case 'answer': {
      const answer = jsonAnswer(fault.status, fault.body);
      return { ...answer, headers: { ...answer.headers, ...fault.headers } };
    }
    case 'timeoutBefore':
      return 'hang';
    case 'reset':
      return 'reset';
    default:
      return undefined;
  }
}

function replyAfterEffect(fault: Fault, answer: Answer, route: Route): Reply | undefined {
  switch (fault.kind) {
    case 'statusAfter':
      return route.refusal(fault.status);
    case 'cutJson':
      return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
    case 'rewrite':
      return { ...answer, body: JSON.stringify(fault.change(JSON.parse(answer.body))) };
    case 'timeoutAfter':
      return 'hang';
    case 'resetAfter':
      return 'reset';
    default:
      return undefined;
  }
}

/** An answer in JSON. */
export function jsonAnswer(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

/** A refusal by HTTP status. Neither guide shows the body of one: an assumption. */
export function refusal(status: number): Answer {
  return jsonAnswer(status, JSON.stringify({ message: STATUS_CODES[status] ?? 'Error' }));
}
