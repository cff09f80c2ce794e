import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type RepairOptions = StateOptions & { json?: boolean; all?: boolean };

export const repair = (exit: Exit): Command =>
  withState(
    defineCommand(
      'repair',
      "list companies that hold two customers' data since an older version, and give each customer its own",
    ),
  )
    .argument('[folders...]', 'ids of folders to take off such a company; without them nothing is changed')
    .option('--all', 'take all of them off')
    .option('--stage <name>', 'use a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago repair',
        'npx clavus-moovago repair clsc618zi01qbwjw3m1hw93ge',
        'npx clavus-moovago repair --all --stage prod',
      ),
    )
    .action(async (folders: string[], options) =>
      exit(await (await import('./run-repair.ts')).runRepair(folders, options)),
    );
