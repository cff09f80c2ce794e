import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type IgnoreOptions = StateOptions & { json?: boolean; undo?: boolean };

export const ignore = (exit: Exit): Command =>
  withState(
    defineCommand(
      'ignore',
      'leave a folder out: its link stays, nothing is sent, and it does not count as failed',
    ),
  )
    .argument('<folder>', 'id of a folder')
    .option('--undo', 'sync the folder again')
    .option('--stage <name>', 'use a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago ignore clsc618zi01qbwjw3m1hw93ge',
        'npx clavus-moovago ignore clsc618zi01qbwjw3m1hw93ge --undo --stage prod',
      ),
    )
    .action(async (folder: string, options) =>
      exit(await (await import('./run-ignore.ts')).runIgnore(folder, options)),
    );
