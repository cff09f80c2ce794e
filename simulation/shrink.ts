import { drawPlan, type PlanChanges } from './plan.ts';
import { type Outcome, simulate } from './simulate.ts';

/** A failing seed, made as small as it still fails in the same way. */
export type Shrunk = { changes: PlanChanges; outcome: Outcome };

/** Switches kinds of faults off one by one, then takes edits and folders away. */
export async function shrink(seed: number, { wire = false }: PlanChanges): Promise<Shrunk> {
  let changes: PlanChanges = { wire };
  let outcome = await simulate(seed, changes);
  const invariant = outcome.violation?.invariant;

  async function keepIfItFails(tried: PlanChanges): Promise<boolean> {
    const result = await simulate(seed, tried);
    if (result.violation?.invariant !== invariant) return false;
    changes = tried;
    outcome = result;
    return true;
  }

  for (const kind of outcome.faults)
    await keepIfItFails({ ...changes, without: [...(changes.without ?? []), kind] });
  const { folders, edits } = drawPlan(seed, { wire });
  for (const [name, drawn] of [['edits', edits] as const, ['folders', folders] as const])
    for (let fewer = name === 'edits' ? 0 : 1; fewer < drawn; fewer++)
      if (await keepIfItFails({ ...changes, [name]: fewer })) break;
  return { changes, outcome };
}

/** The command that replays a run. */
export function replayCommand(
  seed: number,
  { without = [], folders, edits, wire = false }: PlanChanges = {},
): string {
  const options = [
    `--seed ${seed}`,
    ...(wire ? ['--wire'] : []),
    ...(without.length > 0 ? [`--without ${without.join(',')}`] : []),
    ...(folders === undefined ? [] : [`--folders ${folders}`]),
    ...(edits === undefined ? [] : [`--edits ${edits}`]),
  ];
  return `npm run simulate -- ${options.join(' ')}`;
}
