import type { Command } from 'commander';
import { defineCommand, type Exit, example, positive } from '../define-command.ts';

export type DemoOptions = { folders: number; edits: number; json?: boolean; verbose?: boolean };

export const demo = (exit: Exit): Command =>
  defineCommand('demo', 'show a first import and some edits, on simulated systems')
    .option('--folders <count>', 'folders in the simulated Clavus', positive, 300)
    .option('--edits <count>', 'folders that are edited after the import', positive, 30)
    .option('--verbose', 'print every log line of the functions')
    .addHelpText('after', example('npx clavus-moovago demo --folders 1000'))
    .action(async (options) => exit(await (await import('./run-demo.ts')).runDemo(options)));
