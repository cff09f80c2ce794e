import { buildSchema, introspectionFromSchema } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkSystems } from '../../../lib/check/check-systems.ts';
import { createClavusClient } from '../../../lib/clavus/client.ts';
import { TryLater } from '../../../lib/framework/errors.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import type { Company } from '../../../lib/moovago/company.ts';
import { type ClavusSimulatorOptions, startClavusSimulator } from '../../../local/simulators/clavus.ts';
import { clavusTypeDefs } from '../../../local/simulators/clavus-schema.ts';
import { moovagoTeam } from '../../../local/simulators/people.ts';

const company = {
  name: { from: ['raison_sociale', 'nom'] },
  postalCode: { from: 'code_postal', as: 'postalCode' },
  phone: { from: 'telephone', as: 'phone' },
};
const withOwners = { ...company, ownerIds: { from: 'commercial', as: 'owner' } };
const modified = { clavus: { modifiedColumn: 'date_modification' }, company };
const now = Date.UTC(2026, 10, 20);

async function world(config: unknown, options: Partial<ClavusSimulatorOptions> = {}) {
  const clavus = await startClavusSimulator({ key: 'key', folders: 60, ...options });
  onTestFinished(() => clavus.close());
  const client = createClavusClient({ url: new URL(clavus.url), key: async () => 'key' });
  const check = async (overrides: Partial<Parameters<typeof checkSystems>[1]> = {}) => {
    const findings = await checkSystems(parseSyncConfig(config, 'sync.config.ts'), {
      clavus: client,
      readTeam: async () => moovagoTeam,
      readCompanies: async () => ({ companies: [] as Company[], readBack: 'all' }),
      readMandators: async () => [],
      clock: { now: () => now },
      ...overrides,
    });
    return findings.filter(({ severity }) => severity !== 'note');
  };
  const told = async (overrides: Partial<Parameters<typeof checkSystems>[1]> = {}) =>
    (await check(overrides)).map(({ severity, where, message }) => `${severity} ${where}: ${message}`);
  return { clavus, client, check, told };
}

describe('columns', () => {
  it('that are not there, or hidden from the key, are named with the nearest', async () => {
    const config = { company: { ...company, email: 'courriel', phone: 'telefone' } };
    const { told } = await world(config, { hiddenColumns: ['code_postal'] });
    expect(await told()).toEqual([
      "error company.postalCode.from: no column 'code_postal' in Clavus, or the API key may not read it",
      "error company.phone.from: no column 'telefone' in Clavus, or the API key may not read it; did you mean 'Téléphone' or 'telephone'?",
      "error company.email.from: no column 'courriel' in Clavus, or the API key may not read it",
    ]);
  });

  it('that are listed and that no folder shows are warned of', async () => {
    const { clavus, client, told } = await world({ company });
    const phone = clavus.columns.find(({ name }) => name === 'telephone')?.id;
    const config = { company: { ...company, phone: 'Téléphone' } };
    const other = await world(config);
    const getFolders: typeof client.getFolders = async (query) => {
      const page = await client.getFolders(query);
      const without = ({ id, columns }: (typeof page.folders)[number]) => ({
        id,
        columns: columns.filter((column) => column.id !== phone),
      });
      return { ...page, folders: page.folders.map(without) };
    };
    expect(await told()).toEqual([]);
    expect(await other.told({ clavus: { ...client, getFolders } })).toEqual([
      "warning company.phone.from: none of 60 folders shows the column 'Téléphone'",
    ]);
  });

  it('are no mistake in a Clavus without folders, where technical names are not seen', async () => {
    const { told } = await world({ company: { name: 'nom' } }, { folders: 0 });
    expect(await told()).toEqual([]);
    const filter = [{ column: 'statut du dossier', operator: '=', value: 'signé' }];
    const { told: toldFiltered } = await world(
      { clavus: { filter }, company: { name: 'nom' } },
      { folders: 0 },
    );
    expect(await toldFiltered()).toEqual([]);
    const { told: toldOther } = await world({ company: { name: 'raison_sociale' } }, { folders: 0 });
    expect(await toldOther()).toEqual([
      expect.stringMatching(
        /^warning company\.name\.from: no column 'raison_sociale' .*Clavus shows no folder yet/,
      ),
    ]);
  });
});

describe('people', () => {
  const setOwners = (folders: Iterable<{ set(column: string, value: string): void }>) => {
    let count = 0;
    for (const folder of folders) folder.set('commercial', count++ < 7 ? 'Paul Absent' : 'Zoé Martin');
  };

  it('whom nobody in Moovago is are listed with their folders, apart from what may stand in a log', async () => {
    const { clavus, check } = await world({ company: withOwners });
    setOwners(clavus.folders.values());
    const findings = await check();
    expect(findings).toEqual([
      {
        severity: 'warning',
        where: 'company.ownerIds',
        message:
          "one person in Clavus is not in Moovago's team: companies that are there keep their owners, and no company is made for their other folders",
        cure: 'Name them in owners.overrides, as Clavus has them here; or set owners.fallback.',
        people: [
          'Paul Absent: 7 of the folders',
          "in Moovago's team: Eloise LEFEVRE (64f0c2a79b1d3e5f70812b01)",
          "in Moovago's team: Jean-Baptiste Nguyen (64f0c2a79b1d3e5f70812b02)",
          "in Moovago's team: chloé d’angelo (64f0c2a79b1d3e5f70812b03)",
          "in Moovago's team: Maxime LE GOFF (64f0c2a79b1d3e5f70812b04)",
          "in Moovago's team: Ines Benali (64f0c2a79b1d3e5f70812b05)",
          "in Moovago's team: François BŒUF (64f0c2a79b1d3e5f70812b06)",
          "in Moovago's team: MARTIN Zoé (64f0c2a79b1d3e5f70812b07)",
          "in Moovago's team: Marvin Hoarau (64f0c2a79b1d3e5f70812b08)",
          "in Moovago's team: Bureau (64f0c2a79b1d3e5f70812b09)",
        ],
      },
    ]);
  });

  it('whom the configuration names and Moovago does not have are errors, by id or alias', async () => {
    const owners = {
      fallback: 'Bureau',
      overrides: { a: 'Zoé MARTIN', b: '64f0c2a79b1d3e5f70812b09', c: 'Nobody' },
    };
    const { check } = await world({ company: withOwners, owners });
    const findings = await check();
    expect(findings.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      "owners.fallback: is the id of no member of Moovago's team",
      "owners.overrides: one of its members is not in Moovago's team",
      'owners.overrides: 3 of its entries have no effect: no person in 60 folders has that name',
    ]);
    expect(findings[1]?.people).toContain("'Nobody', for 'c', is none of them");
    expect(findings[0]?.people).toContain('64f0c2a79b1d3e5f70812b07  MARTIN Zoé');
  });
});

describe('people in owners.overrides', () => {
  const member = '64f0c2a79b1d3e5f70812b07';
  const zoe = 'clu8k3d7a0007wq7n2zmartin0';

  it('who are nobody in Clavus, or whom the folders call otherwise, are named with who may be meant', async () => {
    const overrides = { 'Zoé Marti': member, 'zoé martin': member, 'Paul Absent': member, [zoe]: member };
    const { clavus, check } = await world({ company: withOwners, owners: { overrides } });
    let count = 0;
    for (const folder of clavus.folders.values())
      folder.set('commercial', count++ === 0 ? 'Inès Benali, Paul Absent' : zoe);
    expect(await check()).toEqual([
      {
        severity: 'warning',
        where: 'owners.overrides',
        message: '2 of its entries have no effect: no person in 60 folders has that name',
        cure: 'Name people as the column of company.ownerIds has them, or by the ids of users.',
        people: [
          "no user of Clavus is called 'Zoé Marti'; did you mean 'Zoé Martin'?",
          `the folders have '${zoe}' for 'zoé martin'`,
        ],
      },
    ]);
  });

  it('are not looked for where a function of the tenant says whom to look up', async () => {
    const ownerIds = { from: 'commercial', as: () => 'Sud' };
    const owners = { overrides: { Sud: member } };
    const { told } = await world({ company: { ...company, ownerIds }, owners });
    expect(await told()).toEqual([]);
  });
});

describe('folders', () => {
  it('that cannot be mapped are counted by reason', async () => {
    const { clavus, told } = await world({ company });
    for (const folder of [...clavus.folders.values()].slice(-3)) {
      folder.set('nom', ' ');
      folder.set('raison_sociale', null);
    }
    expect(await told()).toEqual([
      'warning company.name: 3 of 60 folders cannot be mapped: raison_sociale and nom are both empty',
    ]);
  });

  it('that the filter lets pass, or not, are compared with it', async () => {
    const filter = [{ column: 'statut', operator: 'IN', value: 'signé,installé' }];
    const { clavus, told } = await world({ clavus: { filter }, company });
    expect(await told()).toEqual([]);
    clavus.faults.order({ kind: 'ignoreArguments', names: ['filterColumns'] }, { times: 10 });
    expect(await told()).toEqual([
      expect.stringMatching(
        /^warning clavus\.filter: \d+ of 60 folders that Clavus lets pass do not seem to$/,
      ),
    ]);
    const { told: toldOther } = await world({
      clavus: { filter: [{ column: 'statut', operator: '=', value: 'Signed' }] },
      company,
    });
    expect(await toldOther()).toEqual(['warning clavus.filter: lets no folder pass']);
  });
});

describe('dates', () => {
  it('that have the day first are refused, with the reason', async () => {
    const clavus = { modifiedColumn: 'date_modification', createdColumn: 'date_creation' };
    const formatDate = (at: number) => new Date(at).toLocaleDateString('fr-FR');
    const { told } = await world({ clavus, company }, { formatDate });
    const reason = (column: string) =>
      `'${column}' has the day first, as in 31/12/2026, in 60 of 60 folders: such dates do not sort as text, so Clavus cannot be asked for those since a date`;
    expect(await told()).toEqual([
      `error clavus.modifiedColumn: ${reason('date_modification')}`,
      `error clavus.createdColumn: ${reason('date_creation')}`,
    ]);
  });

  it('that are missing or absurd are counted', async () => {
    const { clavus, told } = await world(modified);
    const [one, two, three] = clavus.folders.values();
    one?.set('date_modification', '');
    two?.set('date_modification', '0000-00-00');
    three?.set('date_modification', '2999-01-01');
    expect(await told()).toEqual([
      "warning clavus.modifiedColumn: of 60 folders, 1 without a date and 2 with an absurd one in 'date_modification'",
    ]);
  });

  it('that are none are an error, and those in two ways of writing a warning', async () => {
    const { told } = await world({ clavus: { modifiedColumn: 'ville' }, company });
    expect(await told()).toEqual([
      "error clavus.modifiedColumn: 'ville' holds no date that can be read in any of 60 folders",
    ]);
    const { clavus, told: toldMixed } = await world(modified);
    const [one] = clavus.folders.values();
    one?.set('date_modification', '2024-05-06');
    expect(await toldMixed()).toEqual([
      "warning clavus.modifiedColumn: 'date_modification' writes its dates in 2 ways, which may not sort with each other",
    ]);
  });

  it('are asked for with a bound: a Clavus that gives older folders, or leaves newer ones out, is told from one that does as asked', async () => {
    const { clavus, told } = await world(modified);
    expect(await told()).toEqual([]);
    clavus.faults.order({ kind: 'ignoreArguments', names: ['filterColumns'] }, { times: 10 });
    expect(await told()).toEqual([
      "error clavus.modifiedColumn: Clavus, asked for 'date_modification' >= a date, also gives 30 older folders",
    ]);
    clavus.faults.clear();
    const newest = [...clavus.folders.values()].sort((one, other) =>
      String(one.get('date_modification')) < String(other.get('date_modification')) ? 1 : -1,
    );
    const ids = newest.slice(3, 5).map(({ id }) => id);
    const client = createClavusClient({ url: new URL(clavus.url), key: async () => 'key' });
    const getFolders: typeof client.getFolders = async (query) => {
      const page = await client.getFolders(query);
      const isBound = query.filterColumns?.some(({ operator }) => operator === '>=');
      const kept = page.folders.filter(({ id }) => !isBound || !ids.includes(id));
      return { totalCount: kept.length, folders: kept };
    };
    expect(await told({ clavus: { ...client, getFolders } })).toEqual([
      "error clavus.modifiedColumn: Clavus, asked for 'date_modification' >= a date, leaves out 2 newer folders",
    ]);
  });

  it('of creation are an order, where Clavus keeps it', async () => {
    const { clavus, told } = await world({ clavus: { createdColumn: 'date_creation' }, company });
    expect(await told()).toEqual([]);
    clavus.faults.order({ kind: 'ignoreArguments', names: ['sortBy'] }, { times: 10 });
    expect(await told()).toEqual([
      "warning clavus.createdColumn: Clavus does not give its folders in the order of 'date_creation'",
    ]);
  });
});

describe('the systems', () => {
  it('are told apart: one in trouble does not keep the other from being asked', async () => {
    const { check, told } = await world({ company });
    const readTeam = async () => {
      throw new TryLater('Moovago is in trouble (503)', {
        system: 'Moovago',
        applied: 'unknown',
        status: 503,
      });
    };
    expect(await told({ readTeam })).toEqual(['error MOOVAGO_API_URL: Moovago is in trouble (503)']);
    expect(await check({ readTeam })).toMatchObject([{ passes: true }]);
  });

  it('throw on what is a fault of the connector', async () => {
    const { check } = await world({ company });
    const readTeam = async () => {
      throw new TypeError('not a function');
    };
    await expect(check({ readTeam })).rejects.toThrow('not a function');
  });

  it('say what is lost where companies cannot be read back', async () => {
    const { told } = await world({ company });
    const readCompanies = async () => ({ companies: [], readBack: 'documented' as const });
    expect(await told({ readCompanies })).toEqual([
      expect.stringMatching(/^warning Moovago: companies cannot be read back with their texts/),
    ]);
  });

  it('say that no company of a rep becomes a prospect where companies cannot be read back', async () => {
    const { told } = await world({ company, prospects: {} });
    const readCompanies = async () => ({ companies: [], readBack: 'documented' as const });
    expect(await told()).toEqual([]);
    expect(await told({ readCompanies })).toContain(
      'error prospects: none is ever sent: companies cannot be read back with more than their names',
    );
  });

  it("are asked for the operation of prospects, where somebody wants them: Clavus' schema may have another one by now", async () => {
    const changed = buildSchema(clavusTypeDefs.replace('phone: String, type', 'type'));
    const introspect = async () => introspectionFromSchema(changed);
    const about = async (config: unknown) => {
      const { client, told } = await world(config);
      return (await told({ clavus: { ...client, introspect } })).filter((line) =>
        line.includes('upsertProspect'),
      );
    };
    expect(await about({ company })).toEqual([]);
    expect(await about({ company, prospects: {} })).toEqual([
      expect.stringMatching(/^error Clavus' schema: upsertProspect \(new\): /),
      expect.stringMatching(/^error Clavus' schema: upsertProspect \(edited\): /),
    ]);
  });

  it('may keep their schema for themselves', async () => {
    const { clavus, told } = await world({ company });
    const off = { errors: [{ message: 'GraphQL introspection is not allowed' }] };
    clavus.faults.order(
      { kind: 'answer', status: 400, body: JSON.stringify(off) },
      { when: ({ operation }) => operation === '__schema' },
    );
    expect(await told()).toEqual([]);
    expect(clavus.faults.open).toBe(0);
  });
});
