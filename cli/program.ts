import { Command, InvalidArgumentError } from 'commander';
import type { DevOptions } from './dev-command.ts';
import { keepHeapSmall } from './small-heap.ts';

/** A command's own code is loaded when it runs: none pays for the others. */
const checkModule = () => import('./check-command.ts');
const demoModule = () => import('./demo-command.ts');
const devModule = () => import('./dev-command.ts');
const explainModule = () => import('./explain-command.ts');
const initModule = () => import('./init-command.ts');
const planModule = () => {
  // Before it is loaded, which alone would make the heap grow.
  keepHeapSmall();
  return import('./plan-command.ts');
};
const recoverModule = () => import('./recover-command.ts');
const removalsModule = () => import('./removals-command.ts');
const statusModule = () => import('./status-command.ts');
const syncModule = () => import('./sync-command.ts');

const environmentHelp = `
Addresses and keys come from the environment, or from a file .env here:
  CLAVUS_API_URL          default: the address in Clavus' guide
  CLAVUS_API_KEY          from Clavus' administration, "Gestion des clés API"
  MOOVAGO_API_URL         from the mail that brought the key
  MOOVAGO_API_KEY         likewise
  MOOVAGO_API_KEY_HEADER  default: x-api-key

Exit status: 0 all done; 1 a fault; 2 a configuration or usage error;
3 done, but some records failed; 4 done, but some changes wait for later.`;

const example = (...lines: string[]) =>
  `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n  ${lines.join('\n  ')}`;

function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It takes a whole number from 1 on.');
  return Number(text);
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It takes a port, or 0 for any free one.');
  return Number(text);
}
/** Of the page to look at while it runs. */
const boardPort = 8420;

const command = (name: string, description: string) =>
  new Command(name)
    .description(description)
    .option('--json', 'print one JSON object as the last line of standard output')
    .showHelpAfterError('(--help tells more)');

const withState = (built: Command) =>
  built
    .option('--config <file>', 'what to sync', 'sync.config.ts')
    .option('--data-dir <dir>', 'where the state is kept on this machine', '.data');

/** The command line. Each command hands its exit status to `exit`. */
export function createProgram(exit: (status: number) => void): Command {
  const demo = command('demo', 'show a first import and some edits, on simulated systems')
    .option('--folders <count>', 'folders in the simulated Clavus', positive, 300)
    .option('--edits <count>', 'folders that are edited after the import', positive, 30)
    .option('--verbose', 'print every log line of the functions')
    .addHelpText('after', example('npx clavus-moovago demo --folders 1000'))
    .action(async (options) => exit(await (await demoModule()).runDemo(options)));

  // No --json: it prints an address, and runs until somebody ends it.
  const dev = new Command('dev')
    .description('stay up on simulated systems, with a page to look at and to edit folders in')
    .option('--folders <count>', 'folders in the simulated Clavus', positive, 300)
    .option('--port <port>', 'of the page, on 127.0.0.1; 0 takes any free one', port, boardPort)
    .option('--business-hours', 'keep the business hours: a mass of changes waits for the evening')
    .option('--verbose', 'print every log line of the functions')
    .showHelpAfterError('(--help tells more)')
    .addHelpText('after', example('npm run dev', 'npm run dev -- --port 0 --business-hours'))
    .action(async (options: DevOptions) => exit(await (await devModule()).runDev(options)));

  const check = withState(
    command('check', 'tell what is wrong: configuration, keys, columns, people, and what the APIs take away'),
  )
    .option('--offline', 'ask neither Clavus nor Moovago: what needs no key')
    .option(
      '--moovago-schema <file>',
      "Moovago's schema, as its guide has it for download; kept for the daily check",
    )
    .option('--stage <name>', 'of a deployed stage, with its keys, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago check',
        'npx clavus-moovago check --offline',
        'npx clavus-moovago check --moovago-schema moovago_api_graphql_schema.gql',
        'npx clavus-moovago check --stage prod --json | jq .problems',
      ),
    )
    .action(async (options) => exit(await (await checkModule()).runCheck(options)));

  const init = withState(
    command(
      'init',
      'ask for addresses and keys, propose a mapping from what Clavus holds, and write it down',
    ),
  )
    .option('--yes', 'ask nothing: take the proposal, with the keys from the environment')
    .option('--force', 'replace a configuration file that is there, without asking')
    .option('--clavus-api-url <address>', 'kept in .env, like the other addresses')
    .option('--moovago-api-url <address>', 'from the mail that brought the key')
    .option('--moovago-api-key-header <name>', 'the header that the mail names')
    .addHelpText(
      'after',
      `\nKeys are never options: they are asked for and not shown, or taken from\nCLAVUS_API_KEY and MOOVAGO_API_KEY.\n${example(
        'npx clavus-moovago init',
        'npx clavus-moovago init --config sync.test.config.ts',
        'npx clavus-moovago init --yes --moovago-api-url https://…',
      )}`,
    )
    .action(async (options) => exit(await (await initModule()).runInit(options)));

  const sync = withState(command('sync', 'bring what changed in Clavus to Moovago, on this machine'))
    .option('--once', 'once, until nothing is left that can be delivered now; otherwise for ever')
    .option('--limit <count>', 'take no more changes than this from Clavus (with --once)', positive)
    .option('--folder <id>', 'look at this folder only (with --once)')
    .option('--ignore-business-hours', 'send a mass of changes now, and at the faster pace')
    .option('--skip-pilot', 'do not send the first records one by one and read them back; remembered')
    .option('--board [port]', `a page to look at while it runs, on 127.0.0.1 (default: ${boardPort})`, port)
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
        self.error('error: --limit and --folder go with --once');
      if (once && options.board !== undefined) self.error('error: --board goes without --once');
      const board = options.board === true ? boardPort : options.board;
      exit(
        await (once
          ? (await syncModule()).runSyncOnce(options)
          : (await syncModule()).runSync({ ...options, board })),
      );
    });

  const retry = withState(command('retry', 'send folders again, from what Clavus holds now'))
    .argument('[folders...]', "ids of folders, or of reps' companies that are to become prospects")
    .option('--failed', 'all folders that somebody had to look at')
    .option('--ignore-business-hours', 'send a mass of changes now, and at the faster pace')
    .option('--verbose', 'print every log line of the functions')
    .addHelpText(
      'after',
      example('npx clavus-moovago retry clsc618zi01qbwjw3m1hw93ge', 'npx clavus-moovago retry --failed'),
    )
    .action(async (folders: string[], options, self: Command) => {
      if (folders.length > 0 === (options.failed === true))
        self.error('error: name the folders to retry, or give --failed');
      exit(await (await syncModule()).runRetry(folders, options));
    });

  const plan = withState(command('plan', 'tell what sync would do, field by field; writes nothing anywhere'))
    .option('--limit <count>', 'take no more changes than this from Clavus', positive)
    .option('--folder <id>', 'look at this folder only')
    .option('--ignore-business-hours', 'reckon with a mass of changes at once, and at the faster pace')
    .option('--all', 'print every change, not the first ten of each kind')
    .option('--csv <file>', 'write every change into this file, a line for each field')
    .option('--stage <name>', 'of a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago plan',
        'npx clavus-moovago plan --csv plan.csv',
        'npx clavus-moovago plan --stage prod --json | jq .totals',
      ),
    )
    .action(async (options) => exit(await (await planModule()).runPlan(options)));

  const explain = withState(
    command('explain', 'tell what became of a folder: what Clavus has, what Moovago was given, why'),
  )
    .argument('<folder>', "id of a folder, or of a rep's company; a name lists the folders that have it")
    .option('--stage <name>', 'of a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago explain clsc618zi01qbwjw3m1hw93ge',
        'npx clavus-moovago explain "Richard Anne"',
        'npx clavus-moovago explain clsc618zi01qbwjw3m1hw93ge --stage prod',
      ),
    )
    .action(async (folder: string, options) =>
      exit(await (await explainModule()).runExplain(folder, options)),
    );

  const status = withState(
    command('status', 'tell how things stand: last poll, what waits, what failed and why'),
  )
    .option('--stage <name>', 'of a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example('npx clavus-moovago status', 'npx clavus-moovago status --stage prod --json'),
    )
    .action(async (options) => exit(await (await statusModule()).runStatus(options)));

  const removals = withState(
    command(
      'removals',
      'tell which folders are missing in Clavus; `removals approve` when they are many and rightly so',
    ),
  )
    .argument('[action]', '`approve`: looks again, and removes no more than are held now')
    .option('--stage <name>', 'of a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example('npx clavus-moovago removals', 'npx clavus-moovago removals approve --stage prod'),
    )
    .action(async (action: string | undefined, options, self: Command) => {
      if (action !== undefined && action !== 'approve') self.error("error: the only action is 'approve'");
      exit(
        await (action === 'approve'
          ? (await removalsModule()).runApproval(options)
          : (await removalsModule()).runRemovals(options)),
      );
    });

  const recover = withState(
    command(
      'recover',
      'after the state was taken back to an older point: no company twice, nothing left out',
    ),
  )
    .option('--stage <name>', 'of a deployed stage, instead of this machine')
    .addHelpText('after', example('npx clavus-moovago recover', 'npx clavus-moovago recover --stage prod'))
    .action(async (options) => exit(await (await recoverModule()).runRecover(options)));

  const program = new Command('clavus-moovago')
    .description("Keeps Moovago's companies in step with Clavus' folders.")
    .version('0.1.0')
    .showHelpAfterError('(--help tells more)')
    .addHelpText(
      'after',
      `${environmentHelp}\n${example('npx clavus-moovago demo', 'npx clavus-moovago plan', 'npx clavus-moovago sync --once')}`,
    );
  for (const one of [demo, dev, init, check, plan, sync, retry, explain, removals, status, recover])
    program.addCommand(one.exitOverride());
  return program.exitOverride();
}
