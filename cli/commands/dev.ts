import { Command } from 'commander';
import { boardPort, type Exit, example, port, positive } from '../define-command.ts';

export type DevOptions = {
  folders: number;
  port: number;
  businessHours?: boolean;
  clavusCeiling?: number;
  moovagoList?: number;
  verbose?: boolean;
};

export const dev = (exit: Exit): Command =>
  new Command('dev')
    .description('run on simulated systems until you stop it, with a page to watch them and edit folders')
    .option('--folders <count>', 'folders in the simulated Clavus', positive, 300)
    .option('--port <port>', 'port of the page, on 127.0.0.1; 0 takes any free port', port, boardPort)
    .option('--business-hours', 'respect business hours: bulk changes wait for the evening')
    .option('--clavus-ceiling <count>', 'lists of the simulated Clavus end after so many folders', positive)
    .option(
      '--moovago-list <count>',
      'the list of the simulated Moovago ends after so many companies',
      positive,
    )
    .option('--verbose', 'print every log line of the functions')
    .showHelpAfterError('(see --help)')
    .addHelpText('after', example('npm run dev', 'npm run dev -- --port 0 --business-hours'))
    .action(async (options: DevOptions) => exit(await (await import('./run-dev.ts')).runDev(options)));
