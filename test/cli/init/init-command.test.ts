import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runInit } from '../../../cli/commands/run-init.ts';
import { startClavusSimulator } from '../../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { patience } from '../../support/patience.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A terminal, and who sits at it: types each answer when its question stands there. */
function scripted(answers: [question: string, typed: string][], leave: () => void) {
  const input = new PassThrough();
  const left = [...answers];
  const asked: string[] = [];
  let shown = '';
  let unread = '';
  const write = (chunk: unknown): boolean => {
    shown += String(chunk);
    unread += String(chunk);
    const [next] = left;
    if (next !== undefined && unread.includes(next[0])) {
      left.shift();
      unread = '';
      asked.push(next[0]);
      setImmediate(() => input.write(next[1]));
    }
    return true;
  };
  const seat = { input, isTerminal: true, screen: { write }, leave };
  return { seat, asked, write, shown: () => shown };
}

async function newcomer() {
  const clavus = await startClavusSimulator({ key: 'canary-clavus-key', folders: 20 });
  const moovago = await startMoovagoSimulator({ key: 'canary-moovago-key', keyHeader: 'api-key' });
  const before = process.cwd();
  const folder = await temporaryFolder();
  process.chdir(folder);
  onTestFinished(async () => {
    process.chdir(before);
    vi.restoreAllMocks();
    await clavus.close();
    await moovago.close();
  });
  for (const name of [
    'CLAVUS_API_URL',
    'CLAVUS_API_KEY',
    'MOOVAGO_API_URL',
    'MOOVAGO_API_KEY',
    'MOOVAGO_API_KEY_HEADER',
  ])
    vi.stubEnv(name, undefined);
  const init = async (answers: [string, string][], leave = vi.fn()) => {
    const { seat, asked, write, shown } = scripted(answers, leave);
    vi.spyOn(process.stderr, 'write').mockImplementation(write);
    let printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      printed += String(chunk);
      return true;
    });
    const status = await runInit({ config: 'sync.config.ts', dataDir: '.data' }, seat);
    return { status, asked, text: shown() + printed };
  };
  return { clavus, moovago, init };
}

describe('init on a terminal', () => {
  it('asks for addresses and keys, shows no key, asks again where one is refused, and writes what works', async () => {
    const { clavus, moovago, init } = await newcomer();
    const { status, asked, text } = await init([
      ["Clavus' address", `${clavus.url}\r`],
      ["Clavus' key", 'canary-clavus-key\r'],
      ["Moovago's address", `${moovago.url}\r`],
      ["Moovago's key", 'canary-mistyped\r'],
      ['The header', 'api-key\r'],
      // Refused: everything once more, and Enter keeps what was right.
      ["Clavus' address", '\r'],
      ["Clavus' key", '\r'],
      ["Moovago's address", '\r'],
      ["Moovago's key", 'canary-moovago-keyy\u007f\r'],
      ['The header', '\r'],
      ['Write this to sync.config.ts? [Y/n]', '\r'],
    ]);
    expect(status).toBe(0);
    expect(asked).toHaveLength(11);
    expect(text).toContain('✗ MOOVAGO_API_KEY: Moovago refuses the key (401).');
    expect(text).not.toContain('canary');
    expect(await readFile('.env', 'utf8')).toBe(
      [
        `CLAVUS_API_URL=${clavus.url}`,
        'CLAVUS_API_KEY=canary-clavus-key',
        `MOOVAGO_API_URL=${moovago.url}`,
        'MOOVAGO_API_KEY=canary-moovago-key',
        'MOOVAGO_API_KEY_HEADER=api-key\n',
      ].join('\n'),
    );
    expect(await readFile('sync.config.ts', 'utf8')).toContain("phone: { from: 'telephone', as: 'phone' },");
  });

  it('asks again where nobody answers at an address, says which, and keeps the other answers', async () => {
    const { clavus, moovago, init } = await newcomer();
    const gone = await startClavusSimulator({ key: '', folders: 0 });
    await gone.close();
    const { status, asked, text } = await init([
      ["Clavus' address", `${gone.url}\r`],
      ["Clavus' key", 'canary-clavus-key\r'],
      ["Moovago's address", `${moovago.url}\r`],
      ["Moovago's key", 'canary-moovago-key\r'],
      ['The header', 'api-key\r'],
      ["Clavus' address", `${clavus.url}\r`],
      ["Clavus' key", '\r'],
      ["Moovago's address", '\r'],
      ["Moovago's key", '\r'],
      ['The header', '\r'],
      ['Write this to sync.config.ts? [Y/n]', '\r'],
    ]);
    expect([status, asked.length]).toEqual([0, 11]);
    expect(text).toContain(
      `✗ CLAVUS_API_URL: Clavus could not be reached at ${new URL(gone.url).host} (ECONNREFUSED). ` +
        'Check the address, and whether this machine may connect to it. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.\n',
    );
    expect(await readFile('.env', 'utf8')).toContain(`CLAVUS_API_URL=${clavus.url}\n`);
  });

  it('replaces a configuration that is there only for a yes', async () => {
    const { clavus, moovago, init } = await newcomer();
    await writeFile('sync.config.ts', '// mine\n');
    const answers = (last: string): [string, string][] => [
      ["Clavus' address", `${clavus.url}\r`],
      ["Clavus' key", 'canary-clavus-key\r'],
      ["Moovago's address", `${moovago.url}\r`],
      ["Moovago's key", 'canary-moovago-key\r'],
      ['The header', 'api-key\r'],
      ['sync.config.ts already exists. Replace it? [y/N]', last],
    ];
    expect((await init(answers('\r'))).status).toBe(0);
    expect([await readFile('sync.config.ts', 'utf8'), existsSync('.env')]).toEqual(['// mine\n', false]);
    expect((await init(answers('y\r'))).status).toBe(0);
    expect(await readFile('sync.config.ts', 'utf8')).toContain('defineSync');
  });

  it('ends like an interrupted command where somebody presses Ctrl+C, and has written nothing', async () => {
    const { init } = await newcomer();
    const leave = vi.fn();
    void init([["Clavus' address", '\u0003']], leave);
    await vi.waitFor(() => expect(leave).toHaveBeenCalledWith(130), patience);
    expect([existsSync('.env'), existsSync('sync.config.ts')]).toEqual([false, false]);
  });
});
