import { attempt } from '../lib/framework/attempt.ts';
import type { Surroundings } from '../lib/jobs/app.ts';

const withList = (
  surroundings: Surroundings,
  childList: Surroundings['moovago']['childList'],
): Surroundings => ({ ...surroundings, moovago: { ...surroundings.moovago, childList } });

/** Whether Moovago has a contact already nobody asks. */
export const contactsAreNotLookedFor = (surroundings: Surroundings): Surroundings =>
  withList(surroundings, async () => []);

/** A list of contacts that could not be read is taken for an empty one. */
export const failedListIsEmpty = (surroundings: Surroundings): Surroundings =>
  withList(surroundings, async (...given) => {
    const read = await attempt(surroundings.moovago.childList(...given));
    return read.ok ? read.value : [];
  });
