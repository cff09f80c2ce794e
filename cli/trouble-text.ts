import { findingsOfError } from '../lib/check/findings-of-error.ts';
import { type System, TryLater } from '../lib/framework/errors.ts';

const systems: readonly System[] = ['Clavus', 'Moovago'];

/** What a person reads of a failure: of a service in trouble, which setting holds its address, and what to do. */
export function troubleText(failure: unknown): string {
  const trouble = failure instanceof TryLater ? failure : troubleInFunction(failure);
  if (trouble === undefined) return failure instanceof Error ? failure.message : String(failure);
  return findingsOfError(trouble)
    .map(({ where, message, cure = '' }) => `${where}: ${message}. ${cure}`)
    .join('\n');
}

/** Of what a function threw, only the name and the message are left. */
function troubleInFunction(failure: unknown): TryLater | undefined {
  if (!(failure instanceof Error) || failure.name !== 'TryLater') return undefined;
  const { message } = failure;
  const system = systems.find((one) => message.startsWith(`${one} could not be reached`));
  return system && new TryLater(message, { system, applied: 'no', unreached: true });
}
