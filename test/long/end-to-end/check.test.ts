import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startClavusSimulator } from '../../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { moovagoTypeDefs } from '../../../local/simulators/moovago-schema.ts';
import { configFile, jsonOf, runCommand, temporaryFolder } from '../../support/command-line.ts';

const company = {
  name: { from: ['raison_sociale', 'nom'] },
  postalCode: { from: 'code_postal', as: 'postalCode' },
  phone: { from: 'telephone', as: 'phone' },
  ownerIds: { from: 'commercial', as: 'owner' },
};
const dates = { modifiedColumn: 'date_modification', createdColumn: 'date_creation' };
const good = { clavus: dates, company, owners: { fallback: '64f0c2a79b1d3e5f70812b01' } };

type Report = {
  ok: boolean;
  problems: { severity: string; where: string; message: string }[];
  notes: { where: string; message: string }[];
};

async function installed(config: unknown) {
  const clavus = await startClavusSimulator({ key: 'canary-clavus-key', folders: 60 });
  const moovago = await startMoovagoSimulator({ key: 'canary-moovago-key' });
  onTestFinished(async () => {
    await clavus.close();
    await moovago.close();
  });
  const file = await configFile(config);
  const dataDir = await temporaryFolder();
  const check = (more: string[] = [], overrides: Record<string, string> = {}) =>
    runCommand(['check', '--config', file, '--data-dir', dataDir, ...more], {
      CLAVUS_API_URL: clavus.url,
      CLAVUS_API_KEY: 'canary-clavus-key',
      MOOVAGO_API_URL: moovago.url,
      MOOVAGO_API_KEY: 'canary-moovago-key',
      ...overrides,
    });
  const report = async (more: string[] = [], overrides: Record<string, string> = {}) => {
    const finished = await check(['--json', ...more], overrides);
    expect(finished.stdout + finished.stderr).not.toContain('canary');
    const { ok, problems, notes } = jsonOf(finished) as Report;
    return {
      status: finished.status,
      ok,
      notes: notes.map(({ where, message }) => `${where}: ${message}`),
      problems: problems.map(
        ({ severity, where, message }) => `${severity} ${where.replace(file, 'FILE')}: ${message}`,
      ),
    };
  };
  return { clavus, moovago, check, report };
}

async function schemaFile(text: string): Promise<string> {
  const file = join(await temporaryFolder(), 'schema.gql');
  await writeFile(file, text);
  return file;
}

describe('check, where all is well', () => {
  it('asks both systems a few questions, changes nothing in them, and says what it found', async () => {
    const { clavus, moovago, check } = await installed(good);
    for (const folder of clavus.folders.values()) folder.set('commercial', 'Zoé Martin');
    const { status, stdout } = await check();
    expect(stdout).toBe(
      [
        '· Clavus: 21 columns and 8 users can be read',
        "· Clavus' schema: Clavus takes every operation that the connector sends",
        '· Clavus: takes the columns to return by their ids: pages carry no others',
        '· Moovago: a team of 9 members can be read',
        '· Moovago: 0 companies can be read, with their texts',
        "· company.ownerIds: everybody who owns one of 60 folders is in Moovago's team",
        "· Moovago's schema: was not given: download it from Moovago's guide, and check --moovago-schema FILE",
        '',
        'Nothing is wrong; 0 warnings.',
        '',
      ].join('\n'),
    );
    expect(status).toBe(0);
    expect(moovago.requests.map(({ operation }) => operation)).toEqual(['team', 'companyList']);
    expect(clavus.requests.length).toBeLessThan(12);
  });
});

describe('check of keys and addresses', () => {
  it('names each refused key, and shows none', async () => {
    const { clavus, moovago, report } = await installed(good);
    const [ofClavus, ofMoovago] = [clavus, moovago].map(({ url }) => new URL(url).host);
    expect(await report([], { CLAVUS_API_KEY: 'canary-a', MOOVAGO_API_KEY: 'canary-b' })).toMatchObject({
      status: 2,
      ok: false,
      problems: [
        `error CLAVUS_API_KEY: Clavus refuses the key (401). It was sent to ${ofClavus}. Check the key and its rights.`,
        `error MOOVAGO_API_KEY: Moovago refuses the key (401). It was sent to ${ofMoovago} in the header x-api-key. Check the key, its rights and MOOVAGO_API_KEY_HEADER.`,
      ],
    });
    // The refused key has stopped nobody: the right one is taken at once.
    expect(await report()).toMatchObject({ status: 0, ok: true });
  });

  it('names all settings that are missing or unsafe at once, without asking anybody', async () => {
    const { clavus, moovago, report } = await installed(good);
    const wrong = {
      CLAVUS_API_URL: 'http://clavus.example/graphql',
      MOOVAGO_API_URL: 'moovago',
      MOOVAGO_API_KEY: '',
      MOOVAGO_API_KEY_HEADER: 'x api key',
    };
    expect(await report([], wrong)).toMatchObject({
      status: 2,
      problems: [
        'error MOOVAGO_API_KEY: is not set. Run npx clavus-moovago init, which asks for it, or set it in .env.',
        'error MOOVAGO_API_KEY_HEADER: takes letters, digits and hyphens. Correct it in .env, or in the environment.',
        'error CLAVUS_API_URL: must start with https://, or the key would travel in clear (http:// is for this machine only).',
        'error MOOVAGO_API_URL: is not an address. Set it like https://host/path.',
      ],
    });
    expect([...clavus.requests, ...moovago.requests]).toEqual([]);
  });

  it('tells an address where nobody answers from one where something else does', async () => {
    const { clavus, report } = await installed(good);
    const gone = await startClavusSimulator({ key: '', folders: 0 });
    await gone.close();
    const { problems } = await report([], {
      CLAVUS_API_URL: gone.url,
      MOOVAGO_API_URL: new URL('/elsewhere', clavus.url).href,
    });
    expect(problems).toEqual([
      `error CLAVUS_API_URL: Clavus could not be reached at ${new URL(gone.url).host} (ECONNREFUSED). Check the address, and whether this machine may connect to it. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.`,
      'error MOOVAGO_API_URL: nothing answers GraphQL there (404). Check the address.',
    ]);
  });
});

describe('check of the configuration', () => {
  it('lists every mistake, and still tries the keys', async () => {
    const { report } = await installed({
      company: { nom: 'x', phone: { from: 'telephone', as: 'fone' } },
      pace: { timezone: 'Mars' },
    });
    expect(await report()).toMatchObject({
      status: 2,
      problems: [
        'error FILE: company.name: is required: a column, { from: column, as: … } or { template: … }',
        "error FILE: company.phone.as: expected 'text', 'postalCode', 'phone', 'email', 'siren', 'amount' or a function; did you mean 'phone'?",
        "error FILE: company: unknown key 'nom'",
        "error FILE: pace.timezone: expected a time zone such as 'Europe/Paris'",
      ],
      notes: expect.arrayContaining([
        'Clavus: 21 columns and 8 users can be read',
        'Columns and people: could not be checked without a valid configuration',
      ]),
    });
  });

  it('--offline asks nobody, and needs no state', async () => {
    const { clavus, moovago, report } = await installed({
      ...good,
      owners: {},
      match: ['marker', 'email', 'phone'],
    });
    expect(await report(['--offline'])).toEqual({
      status: 0,
      ok: true,
      problems: [
        'warning match: email: never compared, not mapped. Map what is compared under company, or leave it out of match.',
      ],
      notes: [],
    });
    expect([...clavus.requests, ...moovago.requests]).toEqual([]);
  });
});

describe('check of Moovago’s schema', () => {
  const changed = moovagoTypeDefs
    .replace('type Member { id: ID!, alias: String! }', 'type Member { id: ID! }')
    .replaceAll(
      'phone: String,\n    email: String, note: String\n  }\n  input',
      'phone: String @deprecated(reason: "Use phones."),\n    email: String, note: String\n  }\n  input',
    );

  it('names what was removed and what is deprecated, with what to use instead', async () => {
    const { report } = await installed(good);
    const { status, problems } = await report(['--offline', '--moovago-schema', await schemaFile(changed)]);
    expect({ status, problems }).toEqual({
      status: 2,
      problems: [
        'error Moovago\'s schema: team: Cannot query field "alias" on type "Member". Moovago has changed: the connector needs a version that knows the change.',
        "warning Moovago's schema: company.create: The input field CompanyCreateInput.phone is deprecated. Use phones. Moovago removes what is deprecated some months later: ask for a version that does without it.",
      ],
    });
  });

  it('keeps a good file for the days to come, and no bad one', async () => {
    const { report } = await installed(good);
    const kept = "Moovago's schema: is kept for the daily check of this machine";
    const { notes } = await report(['--moovago-schema', await schemaFile(moovagoTypeDefs)]);
    expect(notes).toContain(kept);
    const bad = await report(['--moovago-schema', await schemaFile('<!DOCTYPE html>')]);
    expect(bad.problems).toContain(
      "error Moovago's schema: the file is a web page, not a schema. Download moovago_api_graphql_schema.gql from Moovago's guide.",
    );
    expect(bad.notes).not.toContain(kept);
    const proved = "Moovago's schema: company.delete: assumption proved: company.delete(id:) exists";
    expect((await report()).notes).toContain(proved);
  });
});
