import type { Command } from 'commander';
import {
  boardPort,
  defineCommand,
  type Exit,
  example,
  port,
  positive,
  withState,
} from '../define-command.ts';

export type SyncOptions = {
  config: string;
  dataDir: string;
  json?: boolean;
  verbose?: boolean;
  limit?: number;
  folder?: string;
  ignoreBusinessHours?: boolean;
  skipPilot?: boolean;
  /** The port of the page to look at while it runs; none where it is not given. */
  board?: number;
};

export const sync = (exit: Exit): Command =>
  withState(defineCommand('sync', 'send what changed in Clavus to Moovago, from this machine'))
    .option('--once', 'stop once everything that can be sent now is sent; otherwise sync until you stop it')
    .option('--limit <count>', 'take at most this many changes from Clavus (with --once)', positive)
    .option('--folder <id>', 'look at this folder only (with --once)')
    .option('--ignore-business-hours', 'send bulk changes now, and at the full pace')
    .option('--skip-pilot', 'do not send the first records one by one and read them back; this is remembered')
    .option('--board [port]', `show a status page while it runs, on 127.0.0.1 (default: ${boardPort})`, port)
    .option('--verbose', 'print every log line of the functions')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago sync --once --limit 3',
        'npx clavus-moovago sync --once --json | jq .pending',
        'npx clavus-moovago sync',
        'npx clavus-moovago sync --board',
      ),
    )
    .action(async ({ once, ...options }, self: Command) => {
      if (!once && (options.limit !== undefined || options.folder !== undefined))
        self.error('error: --limit and --folder require --once');
      if (once && options.board !== undefined) self.error('error: --board cannot be used with --once');
      const board = options.board === true ? boardPort : options.board;
      exit(
        await (once
          ? (await import('./run-sync.ts')).runSyncOnce(options)
          : (await import('./run-sync.ts')).runSync({ ...options, board })),
      );
    });
