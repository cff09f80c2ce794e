import { type Command, InvalidArgumentError } from 'commander';
import { defineCommand, type Exit, example, positive, withState } from '../define-command.ts';
import { keepHeapSmall } from '../small-heap.ts';
import type { StateOptions } from '../state.ts';

export type PlanOptions = StateOptions & {
  limit?: number;
  folder?: string;
  ignoreBusinessHours?: boolean;
  json?: boolean;
  /** Prints every change, not the first of each kind only. */
  all?: boolean;
  /** Writes every change into this file, too. */
  csv?: string;
  /** What stands between the cells of that file. */
  csvSeparator: string;
};

function csvSeparator(text: string): string {
  if (text === 'tab') return '\t';
  if (text !== ';' && text !== ',') throw new InvalidArgumentError('It must be ";", "," or "tab".');
  return text;
}

export const plan = (exit: Exit): Command =>
  withState(defineCommand('plan', 'show what sync would do, field by field; writes nothing to either system'))
    .option('--limit <count>', 'take at most this many changes from Clavus', positive)
    .option('--folder <id>', 'look at this folder only')
    .option('--ignore-business-hours', 'assume that bulk changes are sent at once, and at the full pace')
    .option('--all', 'print every change, not the first ten of each kind')
    .option('--csv <file>', 'write every change into this file, one line per field')
    .option('--csv-separator <separator>', 'of that file: ";", "," or "tab"', csvSeparator, ';')
    .option('--stage <name>', 'plan for a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago plan',
        'npx clavus-moovago plan --csv plan.csv',
        'npx clavus-moovago plan --stage prod --json | jq .totals',
      ),
    )
    .action(async (options) => {
      // Before the code is loaded, which alone makes the heap grow.
      keepHeapSmall();
      exit(await (await import('./run-plan.ts')).runPlan(options));
    });
