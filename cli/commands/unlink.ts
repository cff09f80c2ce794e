import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type UnlinkOptions = StateOptions & { json?: boolean };

export const unlink = (exit: Exit): Command =>
  withState(
    defineCommand(
      'unlink',
      'take a folder off a company that is not its own: it gets its own, and the company goes back to its other folder',
    ),
  )
    .argument('<folder>', 'id of a folder')
    .option('--stage <name>', 'use a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago unlink clsc618zi01qbwjw3m1hw93ge',
        'npx clavus-moovago unlink clsc618zi01qbwjw3m1hw93ge --stage prod',
      ),
    )
    .action(async (folder: string, options) =>
      exit(await (await import('./run-link.ts')).runUnlink(folder, options)),
    );
