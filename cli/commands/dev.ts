import { Command } from 'commander';
import { boardPort, type Exit, example, port, positive } from '../define-command.ts';

export type DevOptions = { folders: number; port: number; businessHours?: boolean; verbose?: boolean };

export const dev = (exit: Exit): Command =>
  new Command('dev')
    .description('stay up on simulated systems, with a page to look at and to edit folders in')
    .option('--folders <count>', 'folders in the simulated Clavus', positive, 300)
    .option('--port <port>', 'of the page, on 127.0.0.1; 0 takes any free one', port, boardPort)
    .option('--business-hours', 'keep the business hours: a mass of changes waits for the evening')
    .option('--verbose', 'print every log line of the functions')
    .showHelpAfterError('(--help tells more)')
    .addHelpText('after', example('npm run dev', 'npm run dev -- --port 0 --business-hours'))
    .action(async (options: DevOptions) => exit(await (await import('./run-dev.ts')).runDev(options)));
