import type { FaultKind } from '../fault-kinds.ts';
import type { World } from '../world.ts';

export type Outages = ReturnType<typeof createOutages>;

/** Stretches of time in which a service is down or refuses the key, drawn once for a run. */
export function createOutages(world: World) {
  function outage(kind: FaultKind): () => boolean {
    const draw = world.chance.of(kind);
    const { startsAt, quietAt } = world.plan;
    if (!world.strikes(kind, draw)) return () => false;
    const from = startsAt + draw.number('from') * (quietAt - startsAt);
    const until = from + draw.number('for') * (quietAt - from);
    return () => world.now() >= from && world.now() < until;
  }
  return {
    clavusRefusesKey: outage('clavus-refuses-key'),
    moovagoRefusesKey: outage('moovago-refuses-key'),
    moovagoIsDown: outage('moovago-down'),
  };
}
