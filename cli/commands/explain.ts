import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type ExplainOptions = StateOptions & { json?: boolean };

export const explain = (exit: Exit): Command =>
  withState(
    defineCommand(
      'explain',
      'explain the state of a folder: what Clavus has, what Moovago was sent, and why',
    ),
  )
    .argument('<folder>', "id of a folder, or of a rep's company; a name lists the folders with that name")
    .option('--stage <name>', 'look at a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago explain clsc618zi01qbwjw3m1hw93ge',
        'npx clavus-moovago explain "Richard Anne"',
        'npx clavus-moovago explain clsc618zi01qbwjw3m1hw93ge --stage prod',
      ),
    )
    .action(async (folder: string, options) =>
      exit(await (await import('./run-explain.ts')).runExplain(folder, options)),
    );
