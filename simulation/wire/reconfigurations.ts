import type { Lambda } from '../lambda.ts';
import type { World } from '../world.ts';

/** What runs before a deployment has ended by then, in milliseconds. */
const deployMs = 5_000;

/** What people change in the middle of a run: the configuration, and Clavus' columns. */
export function startReconfigurations(world: World, lambda: Lambda, deploy: () => void): void {
  const { plan, scheduler, chance } = world;

  /** Once, at a moment while faults strike. */
  function once(kind: 'configuration-changes' | 'columns-remade', run: () => void): void {
    const draw = chance.of(kind);
    scheduler.at(plan.startsAt + draw.number('at') * (plan.quietAt - plan.startsAt), () => {
      if (world.strikes(kind, draw)) run();
    });
  }

  once('columns-remade', () => {
    plan.areColumnsRemade = true;
  });
  once('configuration-changes', () => {
    const draw = chance.of('configuration');
    plan.pilot = draw.pick('pilot', [0, 3]);
    plan.onRemoved = draw.pick('removed', ['keep', 'flag']);
    plan.hasFallback ||= draw.hits('fallback', 0.5);
    plan.isMatchReordered = draw.hits('match', 0.5);
    deploy();
    lambda.stopFor(deployMs);
  });
}
