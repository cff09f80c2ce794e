import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startClavusSimulator } from '../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../local/simulators/moovago.ts';
import { configFile, runCommand, startCommand, temporaryFolder } from '../support/command-line.ts';

const pace = { businessHours: false };
const good = { company: { name: 'nom' }, pace };

async function sync(config: unknown, overrides: Record<string, string> = {}) {
  const clavus = await startClavusSimulator({ key: 'canary-clavus-key', folders: 3 });
  const moovago = await startMoovagoSimulator({ key: 'canary-moovago-key' });
  onTestFinished(async () => {
    await clavus.close();
    await moovago.close();
  });
  const { status, stdout, stderr } = await runCommand(
    ['sync', '--once', '--config', await configFile(config), '--data-dir', await temporaryFolder()],
    {
      CLAVUS_API_URL: clavus.url,
      CLAVUS_API_KEY: 'canary-clavus-key',
      MOOVAGO_API_URL: moovago.url,
      MOOVAGO_API_KEY: 'canary-moovago-key',
      ...overrides,
    },
  );
  expect(stdout + stderr).not.toContain('canary');
  return { status, message: stderr.trim().split('\n').at(-1) ?? '', stderr, moovago };
}

describe('bad input ends with status 2 and one message that says what and where', () => {
  it('for a key of the configuration that does not exist', async () => {
    const { status, stderr } = await sync({ company: { name: 'nom', fone: 'telephone' }, pace });
    expect(status).toBe(2);
    expect(stderr).toContain(
      "sync.config.json: company: unknown key 'fone'; did you mean 'phone' or 'note'?",
    );
  });

  it('for a column that Clavus does not have', async () => {
    const { status, stderr, moovago } = await sync({ company: { name: 'nom', phone: 'telefone' }, pace });
    expect(status).toBe(2);
    expect(stderr).toContain('company.phone');
    expect(stderr).toContain("'telephone'");
    expect(moovago.companies.size).toBe(0);
  });

  it('for a refused Clavus key', async () => {
    const { status, message } = await sync(good, { CLAVUS_API_KEY: 'canary-wrong' });
    expect([status, message]).toEqual([2, expect.stringContaining('CLAVUS_API_KEY: ')]);
  });

  it('for a refused Moovago key', async () => {
    const { status, message } = await sync(good, { MOOVAGO_API_KEY: 'canary-wrong' });
    expect([status, message]).toEqual([2, expect.stringContaining('MOOVAGO_API_KEY: ')]);
  });

  it('for a missing key', async () => {
    const { status, message } = await sync(good, { MOOVAGO_API_KEY: '' });
    expect([status, message]).toEqual([2, expect.stringContaining('MOOVAGO_API_KEY: is not set')]);
  });

  it.each(['plan', 'sync --once', 'sync', 'explain clsc000', 'status'])(
    'for settings that nobody has made yet, all of them, with what to do: %s',
    async (command) => {
      const config = ['--config', await configFile(good), '--data-dir', await temporaryFolder()];
      const { status, stdout, stderr } = await runCommand([...command.split(' '), ...config]);
      const names = 'CLAVUS_API_KEY, MOOVAGO_API_URL, MOOVAGO_API_KEY';
      const cure = 'Run npx clavus-moovago init, which asks for them, or set them in .env.';
      expect([status, `${stdout.split('\n')[0]}${stderr}`]).toEqual([
        2,
        command === 'status'
          ? `Not set         ${names}. ${cure}`
          : `clavus-moovago: ${names}: are not set. ${cure}\n`,
      ]);
    },
  );

  it('for an address that would send the key in clear', async () => {
    const { status, message } = await sync(good, { MOOVAGO_API_URL: 'http://moovago.example/graphql' });
    expect([status, message]).toEqual([
      2,
      expect.stringContaining('MOOVAGO_API_URL: must start with https://'),
    ]);
  });

  it('for an address that redirects, without following it with the key', async () => {
    const visited: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      visited.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { status, message } = await sync(good, { MOOVAGO_API_URL: `http://127.0.0.1:${port}/graphql` });
    expect([status, message]).toEqual([2, expect.stringContaining('MOOVAGO_API_URL')]);
    expect(visited).toEqual(['/graphql']);
  });

  it.each(['Clavus', 'Moovago'])('for an address at which nobody answers: %s', async (system) => {
    const gone = await startClavusSimulator({ key: '', folders: 0 });
    await gone.close();
    const setting = `${system.toUpperCase()}_API_URL`;
    const { message } = await sync(good, { [setting]: `${gone.url}?key=canary-in-address` });
    expect(message).toBe(
      `clavus-moovago: ${setting}: ${system} could not be reached at ${new URL(gone.url).host} (ECONNREFUSED). ` +
        'Check the address, and whether this machine may connect to it. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.',
    );
  });

  it('for a configuration file that is not there', async () => {
    const { status, stderr } = await runCommand(['sync', '--once', '--config', '/nowhere/sync.config.ts'], {
      CLAVUS_API_KEY: 'canary-clavus-key',
      MOOVAGO_API_URL: 'https://moovago.example/graphql',
      MOOVAGO_API_KEY: 'canary-moovago-key',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('/nowhere/sync.config.ts');
  });

  it('for an option that does not exist', async () => {
    const { status, stderr } = await runCommand(['sync', '--ignore-business-hours', '--onec']);
    expect(status).toBe(2);
    expect(stderr).toContain("unknown option '--onec'");
  });
});

it('says nothing where nobody reads the answer to its end, as `head` does not', async () => {
  const { child, finished } = startCommand(['--help']);
  child.stdout?.destroy();
  expect(await finished).toEqual({ status: 0, stdout: '', stderr: '' });
});
