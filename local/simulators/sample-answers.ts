import { z } from 'zod';
import type { Route } from './answer.ts';

const answerShape = z.object({ data: z.object({ erpEnrAPI: z.record(z.string(), z.unknown()) }) });
const usersShape = z.array(z.record(z.string(), z.unknown()));
const nameInSample = new Map([
  ['firstName', 'firstname'],
  ['lastName', 'lastname'],
]);

/**
 * Gives the answers of Clavus the shape of the guide's samples where they differ from its queries: `getTeams` stands in
 * `data` itself, and the users have `firstname` and `lastname`.
 */
export function withSampleAnswers(route: Route): Route {
  return {
    ...route,
    async execute(body, context) {
      const answer = await route.execute(body, context);
      return { ...answer, body: JSON.stringify(likeSample(JSON.parse(answer.body))) };
    },
  };
}

function likeSample(answer: unknown): unknown {
  const parsed = answerShape.safeParse(answer);
  if (!parsed.success) return answer;
  const { getTeams, ...others } = parsed.data.data.erpEnrAPI;
  if (getTeams !== undefined) return { data: { getTeams } };
  const users = usersShape.safeParse(others.getUsers);
  if (!users.success) return answer;
  return { data: { erpEnrAPI: { ...others, getUsers: users.data.map(renamed) } } };
}

function renamed(user: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(user).map(([name, value]) => [nameInSample.get(name) ?? name, value]),
  );
}
