import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from letting the space for new objects grow to 128 MB where the machine has much. What loading made it is enough:
 * 65 MB less, for the same processor time.
 */
export const keepYoungSpaceSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** The old space too: it is collected when it has grown by a fifth. 100 MB less for a plan of 20,000 folders, a tenth more time. */
export function keepHeapSmall(): void {
  keepYoungSpaceSmall();
  setFlagsFromString('--heap-growing-percent=20');
}
