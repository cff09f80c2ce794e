import { describe, expect, it } from 'vitest';
import { assembleApp } from '../../../lib/jobs/app.ts';
import { verifiedAppWithWarning, verifyConfig } from '../../../lib/jobs/verified-config.ts';
import { operationsHash, optInOperations } from '../../../lib/mapping/opt-ins.ts';
import { parseSyncConfig, type SyncConfig } from '../../../lib/mapping/sync-config.ts';
import { createVerifiedOperations } from '../../../lib/state/verified-operations.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { stateTable } from '../../support/state-table.ts';

const parse = (more: object) => parseSyncConfig({ company: { name: 'nom' }, ...more }, 'sync.config.ts');
const wanted = { contacts: { lastName: 'nom' }, mandators: 'mandant' };

const hashesOf = (config: SyncConfig) =>
  Object.fromEntries([...optInOperations(config)].map(([name, sent]) => [name, operationsHash(sent)]));

describe('a configuration that asks for more than Moovago’s guide shows', () => {
  it('costs nothing where it does not', async () => {
    const table = { name: 'none', client: { send: () => expect.unreachable('no read') } as never };
    const config = parse({});
    expect(await verifyConfig(config, table)).toEqual({ config, refused: {} });
  });

  it('acts as if it did not, but for what has been proved', async () => {
    const table = await stateTable();
    const config = parse(wanted);
    const refused = hashesOf(config);
    expect(await verifyConfig(config, table)).toEqual({ config: parse({}), refused });
    await createVerifiedOperations(table).save('proved', { contacts: refused.contacts ?? '' });
    expect(await verifyConfig(config, table)).toEqual({
      config: parse({ contacts: wanted.contacts }),
      refused: { mandators: refused.mandators },
    });
  });

  it('has to be proved anew for another field', async () => {
    const table = await stateTable();
    await createVerifiedOperations(table).save('proved', hashesOf(parse(wanted)));
    const more = parse({ ...wanted, contacts: { lastName: 'nom', role: 'fonction' } });
    expect(Object.keys((await verifyConfig(more, table)).refused)).toEqual(['contacts']);
    expect((await verifyConfig(parse(wanted), table)).refused).toEqual({});
  });

  it('is told of once', async () => {
    const table = await stateTable();
    const telemetry = fakeTelemetry();
    const app = assembleApp({ config: parse(wanted), table, telemetry } as never);
    await verifiedAppWithWarning(app);
    await verifiedAppWithWarning(app);
    expect(telemetry.lines).toEqual([
      expect.objectContaining({ event: 'opt-ins-refused', settings: ['contacts', 'mandators'] }),
    ]);
  });
});
