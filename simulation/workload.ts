import type { Chance } from './chance.ts';
import { canary, customerNumber, customerOf, nameOfCustomer, poison } from './customers.ts';
import type { FakeClavus, SimulatedFolder } from './services/fake-clavus.ts';
import type { World } from './world.ts';

/** Tiny domains, so that a folder often goes back to what it was. */
const surnames = ['', `${canary}dupont `] as const;
/** Where bytes count. */
const accentedSurnames = [`${canary}dùrand `, `${canary}dupônt `] as const;
const cities = ['Nice', 'Cannes', 'Nice', ''] as const;
const owners = ['u1', 'u2', '', `${canary} nobody`] as const;
const notes = [`${canary} likes solar`, ''] as const;

/** Some edits are followed by another of the same kind so soon, in milliseconds. */
const againWithinMs = 100_000;

/** The people in Clavus: folders from the start, and edits, additions and a few deletions while faults strike. */
export function startWorkload(world: World, { folders, put }: FakeClavus): void {
  const { plan, scheduler, chance } = world;
  let made = 0;

  function nameFor(id: string, draw: Chance): string {
    const customer = customerOf(plan, customerNumber(id));
    if (draw.hits('blank', 0.05)) return '';
    // Nothing else tells whose folder it is.
    const name = nameOfCustomer(customer);
    if (plan.isMatching && customer.by === 'name') return name;
    if (plan.hasSharedValues)
      return `${draw.hits('long', 0.5) ? `${canary}dupont${customer.number} ` : ''}${name}`;
    if (draw.hits('poison', 0.08)) return `${poison} ${name}`;
    return `${draw.pick('name', plan.wire === undefined ? surnames : accentedSurnames)}${name}`;
  }

  const valuesFor = (id: string, draw: Chance) => ({
    name: nameFor(id, draw),
    city: draw.pick('city', cities),
    note: draw.pick('note', notes),
    owner: draw.pick('owner', owners),
  });

  function add(draw: Chance): void {
    made++;
    const id = `f${made}c${plan.customers > 0 ? draw.between('customer', 1, plan.customers) : made}`;
    const now = world.now();
    put({ id, ...valuesFor(id, draw), serial: 0, changedAt: now, modifiedAt: now });
    world.trace(`clavus gets ${id}`);
  }

  function edit(draw: Chance): void {
    const all = [...folders.values()];
    const folder = all[draw.between('which', 0, all.length - 1)];
    if (folder === undefined) return;
    const what = draw.pick('what', ['name', 'city', 'note', 'name', 'owner'] as const);
    const values = valuesFor(folder.id, draw);
    const serial = folder.serial + (plan.isNumbered ? 1 : 0);
    const now = world.now();
    const modifiedAt = world.strikes('clavus-edit-undated', draw) ? folder.modifiedAt : now;
    // Corrected by the next edit.
    const isMistyped = plan.hasSharedValues && plan.customers === 0 && draw.hits('mistyped', 0.4);
    const edited: SimulatedFolder = {
      ...folder,
      [what]: values[what],
      isMistyped,
      serial,
      changedAt: now,
      modifiedAt,
    };
    put(edited);
    world.count('edit');
    world.trace(`clavus edits ${folder.id} ${JSON.stringify(edited)}`);
    if (plan.takesBack && draw.hits('taken back', 0.5)) takeBack(folder, edited, draw);
  }

  function takeBack(before: SimulatedFolder, edited: SimulatedFolder, draw: Chance): void {
    scheduler.at(
      Math.min(world.now() + draw.between('back after', 5_000, 1.2 * plan.pollEveryMs), plan.quietAt),
      () => {
        const now = world.now();
        if (folders.get(before.id) !== edited) return;
        put({ ...before, changedAt: now, modifiedAt: now });
        world.count('edit');
        world.trace(`clavus takes back what became of ${before.id}`);
      },
    );
  }

  const during = plan.quietAt - againWithinMs - plan.startsAt;
  const momentOf = (draw: Chance) => plan.startsAt + Math.floor(draw.number('at') * during);
  function takeAway(folderId = ''): void {
    if (folders.delete(folderId)) world.count('folder taken away');
  }

  const rush = momentOf(chance.of('rush'));
  for (let nth = 0; nth < plan.folders; nth++) add(chance.of('folder').of(nth));
  for (let nth = 0; nth < plan.edits; nth++) {
    const draw = chance.of('edit').of(nth);
    const at = plan.isRush ? rush : momentOf(draw);
    scheduler.at(at, () => {
      if (draw.hits('add', 0.15)) add(draw);
      else if (draw.hits('delete', 0.05)) takeAway([...folders.keys()].at(draw.between('gone', 0, 9)));
      else edit(draw);
    });
    const again = at + draw.between('after', 1, againWithinMs);
    if (draw.hits('again', 0.3)) scheduler.at(again, () => edit(draw.of('again')));
  }
}
