import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from letting the space for new objects grow to 128 MB where the machine has much. What loading made it is enough:
 * 65 MB less, for the same processor time.
 */
export const keepYoungSpaceSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** Called before a command's code is loaded. 60 MB less for a plan of 20,000 folders, in the same time. */
export function keepHeapSmall(): void {
  keepYoungSpaceSmall();
  setFlagsFromString('--optimize-for-size');
}
