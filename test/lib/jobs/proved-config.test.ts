import { describe, expect, it } from 'vitest';
import { assembleApp } from '../../../lib/jobs/app.ts';
import { proveConfig, provedAppTold } from '../../../lib/jobs/proved-config.ts';
import { optInOperations, proofOf } from '../../../lib/mapping/opt-ins.ts';
import { parseSyncConfig, type SyncConfig } from '../../../lib/mapping/sync-config.ts';
import { createProofsStore } from '../../../lib/state/proofs.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { stateTable } from '../../support/state-table.ts';

const parse = (more: object) => parseSyncConfig({ company: { name: 'nom' }, ...more }, 'sync.config.ts');
const wanted = { contacts: { lastName: 'nom' }, mandators: 'mandant' };

const proofsOf = (config: SyncConfig) =>
  Object.fromEntries([...optInOperations(config)].map(([name, sent]) => [name, proofOf(sent)]));

describe('a configuration that asks for more than Moovago’s guide shows', () => {
  it('costs nothing where it does not', async () => {
    const table = { name: 'none', client: { send: () => expect.unreachable('no read') } as never };
    const config = parse({});
    expect(await proveConfig(config, table)).toEqual({ config, refused: {} });
  });

  it('acts as if it did not, but for what has been proved', async () => {
    const table = await stateTable();
    const config = parse(wanted);
    const refused = proofsOf(config);
    expect(await proveConfig(config, table)).toEqual({ config: parse({}), refused });
    await createProofsStore(table).save('proved', { contacts: refused.contacts ?? '' });
    expect(await proveConfig(config, table)).toEqual({
      config: parse({ contacts: wanted.contacts }),
      refused: { mandators: refused.mandators },
    });
  });

  it('has to be proved anew for another field', async () => {
    const table = await stateTable();
    await createProofsStore(table).save('proved', proofsOf(parse(wanted)));
    const more = parse({ ...wanted, contacts: { lastName: 'nom', role: 'fonction' } });
    expect(Object.keys((await proveConfig(more, table)).refused)).toEqual(['contacts']);
    expect((await proveConfig(parse(wanted), table)).refused).toEqual({});
  });

  it('is told of once', async () => {
    const table = await stateTable();
    const telemetry = fakeTelemetry();
    const app = assembleApp({ config: parse(wanted), table, telemetry } as never);
    await provedAppTold(app);
    await provedAppTold(app);
    expect(telemetry.lines).toEqual([
      expect.objectContaining({ event: 'opt-ins-refused', settings: ['contacts', 'mandators'] }),
    ]);
  });
});
