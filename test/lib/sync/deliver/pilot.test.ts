import { describe, expect, it } from 'vitest';
import { TryLater } from '../../../../lib/framework/errors.ts';
import type { CompanyRecord } from '../../../../lib/moovago/company.ts';
import { pilotStage } from '../../../../lib/sync/deliver/pilot-stage.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { rowWith } from '../../../support/row-with.ts';
import {
  type Answer,
  due,
  scriptedDelivery,
  settleAfterMs,
  start,
} from '../../../support/scripted-delivery.ts';

const applied = { version: 1, record: { name: 'A' }, at: start };

/** A delivery to a Moovago that keeps what it is sent, in the form that `keep` gives it. */
function pilotDelivery(names: readonly string[], records: number, keep = (sent: CompanyRecord) => sent) {
  let made = 0;
  const answer: Answer = (writes) =>
    writes.map((write) => {
      const id = write.kind === 'update' ? write.companyId : `c${++made}`;
      const companies = (delivery.moovago.companies ?? []).filter((company) => company.id !== id);
      delivery.moovago.companies = [...companies, { id, ...keep(write.fields) }];
      return { kind: 'written', companyId: id };
    });
  const rows = names.map((name, index) => due(`f${index + 1}`, name, 'bulk'));
  const delivery = scriptedDelivery(rows, answer, { pilot: records });
  return delivery;
}

const sizes = ({ sent }: ReturnType<typeof pilotDelivery>) => sent.map(({ writes }) => writes.length);

describe('the pilot', () => {
  it('sends the first records one by one, reads each back, and then lets the rest follow', async () => {
    const delivery = pilotDelivery(['A', 'B', 'C', 'D', 'E'], 2);
    await delivery.run();
    expect(sizes(delivery)).toEqual([1, 1, 3]);
    expect(delivery.moovago.passes).toBe(2);
    expect(delivery.pilot.now).toEqual({ passed: ['f1', 'f2'], skipped: false, over: true });
  });

  it('asks for no slot of the bulk lane, as a few records that go one by one are no mass', async () => {
    const lanes: string[] = [];
    const delivery = scriptedDelivery(
      [due('f1', 'A', 'bulk')],
      (_, { lane }) => {
        lanes.push(lane);
        return [{ kind: 'written', companyId: 'c1' }];
      },
      { pilot: 1 },
    );
    delivery.moovago.companies = [{ id: 'c1', name: 'A' }];
    await delivery.run();
    expect(lanes).toEqual(['live']);
  });

  it('stops everything at a field that Moovago gives back otherwise than it was sent', async () => {
    const delivery = pilotDelivery(['Dupont', 'Durand'], 2, ({ name = '' }) => ({
      name: name.toUpperCase(),
    }));
    await delivery.run();
    expect(sizes(delivery)).toEqual([1]);
    expect(delivery.pilot.now).toEqual({
      passed: [],
      skipped: false,
      stopped: {
        folderId: 'f1',
        companyId: 'c1',
        at: start + 300,
        fields: [{ field: 'name', sent: 'Dupont', found: 'DUPONT' }],
      },
    });
    expect(delivery.store.all.get('f2')).toMatchObject({ status: 'due', dueAt: start + 300 + 5_000 });
    expect(delivery.telemetry.lines).toContainEqual({
      level: 'error',
      event: 'pilot-stopped',
      folderId: 'f1',
      companyId: 'c1',
      fields: ['name'],
    });
  });

  it('goes on when the record at which it stopped passes in its corrected form', async () => {
    const delivery = pilotDelivery(['Dupont', 'Durand'], 2, ({ name = '' }) => ({
      name: name.toUpperCase(),
    }));
    await delivery.run();
    const corrected = { rowId: 'f1', record: { name: 'DUPONT' }, at: start + 400, lane: 'live' } as const;
    await delivery.store.change('f1', (row) => changed(row, corrected), delivery.store.all.get('f1'));
    await delivery.clock.wait(60_000);
    await delivery.run(['f2', 'f1']);
    expect(delivery.pilot.now).toMatchObject({ passed: ['f1'], stopped: { folderId: 'f2' } });
  });

  it('reads the corrected record back later where the companies could not be read', async () => {
    const rows = [rowWith(due('f1', 'A'), { status: 'delivered', companyId: 'c1', applied })];
    const delivery = scriptedDelivery(rows, undefined, { pilot: 1 });
    const stopped = { folderId: 'f1', companyId: 'c1', at: start, fields: [] };
    delivery.pilot.now = { passed: [], skipped: false, stopped, current: 'f1' };
    delivery.moovago.companies = [{ id: 'c1', name: 'A' }];
    await delivery.run();
    expect(delivery.pilot.now).toEqual({ passed: ['f1'], skipped: false, over: true });
  });

  it('lets nothing else pass while it is stopped', async () => {
    const delivery = pilotDelivery(['Dupont', 'Durand'], 2);
    const stopped = { folderId: 'f9', companyId: 'c9', at: start, fields: [] };
    delivery.pilot.now = { passed: [], skipped: false, stopped };
    await delivery.run();
    expect(sizes(delivery)).toEqual([]);
    expect(delivery.store.all.get('f1')).toMatchObject({ status: 'due', dueAt: start + 5_000 });
  });

  it('compares owners without their order, and an empty field with one that is not there', async () => {
    const rows = [
      changed(undefined, {
        rowId: 'f1',
        record: { name: 'A', ownerIds: ['m1', 'm2'] },
        at: start,
        lane: 'bulk',
      }),
    ].flatMap((row) => row ?? []);
    const delivery = scriptedDelivery(rows, () => [{ kind: 'written', companyId: 'c1' }], { pilot: 1 });
    delivery.moovago.companies = [{ id: 'c1', name: 'A', ownerIds: ['m2', 'm1'] }];
    await delivery.run();
    expect(delivery.pilot.now.passed).toEqual(['f1']);
  });

  it('compares the documented fields alone where Moovago shows no others', async () => {
    const rows = [
      changed(undefined, { rowId: 'f1', record: { name: 'A', city: 'Nice' }, at: start, lane: 'bulk' }),
    ].flatMap((row) => row ?? []);
    const delivery = scriptedDelivery(rows, () => [{ kind: 'written', companyId: 'c1' }], { pilot: 1 });
    delivery.moovago.companies = [{ id: 'c1', name: 'A' }];
    delivery.moovago.readBack = 'documented';
    await delivery.run();
    expect(delivery.pilot.now.passed).toEqual(['f1']);
  });

  it('looks again when the list does not show the company yet, and waits when it still does not', async () => {
    const delivery = scriptedDelivery([due('f1', 'A')], () => [{ kind: 'written', companyId: 'c1' }], {
      pilot: 1,
    });
    await delivery.run();
    expect(delivery.moovago.passes).toBe(3);
    expect(delivery.pilot.now).toEqual({ passed: [], skipped: false, current: 'f1' });
  });

  it('does not take what a list that lags still shows of an updated company for a difference', async () => {
    const row = rowWith(due('f1', 'Durand'), { companyId: 'c1', applied: { version: 0, record: {}, at: 0 } });
    const delivery = scriptedDelivery([row], () => [{ kind: 'written', companyId: 'c1' }], { pilot: 1 });
    delivery.moovago.companies = [{ id: 'c1', name: 'Dupont' }];
    await delivery.run();
    expect(delivery.pilot.now).toMatchObject({ passed: [], current: 'f1' });
    expect(delivery.pilot.now.stopped).toBeUndefined();
    delivery.moovago.companies = [{ id: 'c1', name: 'Durand' }];
    await delivery.run();
    expect(delivery.pilot.now).toMatchObject({ passed: ['f1'], over: true });
  });

  it('stops when an updated company still differs after the settle time', async () => {
    const row = rowWith(due('f1', 'Durand'), { companyId: 'c1', applied: { version: 0, record: {}, at: 0 } });
    const delivery = scriptedDelivery([row], () => [{ kind: 'written', companyId: 'c1' }], { pilot: 1 });
    delivery.moovago.companies = [{ id: 'c1', name: 'Dupont' }];
    await delivery.run();
    await delivery.clock.wait(settleAfterMs);
    await delivery.run();
    expect(delivery.pilot.now.stopped?.fields).toEqual([{ field: 'name', sent: 'Durand', found: 'Dupont' }]);
  });

  it('takes another record when Moovago cannot show a field of the company', async () => {
    const rows = [due('f1', 'A'), due('f2', 'B')];
    const ids = ['c1', 'c2'];
    const answer: Answer = () => [{ kind: 'written', companyId: ids.shift() ?? '' }];
    const delivery = scriptedDelivery(rows, answer, { pilot: 1 });
    delivery.moovago.companies = [
      { id: 'c1', unread: ['name'] },
      { id: 'c2', name: 'B' },
    ];
    await delivery.run();
    expect(delivery.pilot.now).toEqual({ passed: [], skipped: false, current: 'f1' });
    await delivery.clock.wait(settleAfterMs);
    await delivery.run();
    expect(delivery.pilot.now).toMatchObject({ passed: ['f2'], over: true });
  });

  it('takes another record when a person has deleted the updated company', async () => {
    const row = rowWith(due('f1', 'Durand'), { companyId: 'c1', applied: { version: 0, record: {}, at: 0 } });
    const delivery = scriptedDelivery([row], () => [{ kind: 'written', companyId: 'c1' }], { pilot: 1 });
    delivery.moovago.companies = [];
    await delivery.run();
    await delivery.clock.wait(settleAfterMs);
    await delivery.run();
    expect(delivery.pilot.now).toEqual({ passed: [], skipped: false });
  });

  it('stops when the company does not show within the settle time', async () => {
    const delivery = scriptedDelivery(
      [due('f1', 'A'), due('f2', 'B')],
      () => [{ kind: 'written', companyId: 'c1' }],
      { pilot: 1 },
    );
    await delivery.run(['f1']);
    await delivery.clock.wait(settleAfterMs);
    await delivery.run(['f2']);
    expect(delivery.pilot.now.stopped).toMatchObject({
      folderId: 'f1',
      fields: [{ field: 'id', sent: 'c1', found: '' }],
    });
  });

  it('waits when the companies cannot be read, and reads the same record back later', async () => {
    const rows = [due('f1', 'A'), due('f2', 'B')];
    const delivery = scriptedDelivery(rows, () => [{ kind: 'written', companyId: 'c1' }], { pilot: 1 });
    delivery.moovago.companies = undefined;
    await delivery.run(['f1']);
    expect(delivery.pilot.now).toEqual({ passed: [], skipped: false, current: 'f1' });
    delivery.moovago.companies = [{ id: 'c1', name: 'A' }];
    await delivery.run(['f2']);
    expect(delivery.pilot.now).toEqual({ passed: ['f1'], skipped: false, over: true });
    expect(delivery.sent.map(({ writes }) => writes.length)).toEqual([1, 1]);
  });

  it('takes another record when one is refused, or gets no clear answer', async () => {
    const answers: Answer[] = [
      () => [{ kind: 'rejected', reason: 'no' }],
      () => {
        throw new TryLater('time-out', { system: 'Moovago', applied: 'unknown' });
      },
      () => [{ kind: 'written', companyId: 'c3' }],
    ];
    const rows = [due('f1', 'A'), due('f2', 'B'), due('f3', 'C')];
    const delivery = scriptedDelivery(rows, (...given) => answers.shift()?.(...given) ?? [], { pilot: 1 });
    delivery.moovago.companies = [{ id: 'c3', name: 'C' }];
    await delivery.run();
    expect(delivery.pilot.now).toEqual({ passed: ['f3'], skipped: false, over: true });
  });

  it('waits while another worker sends one of its records', async () => {
    const delivery = pilotDelivery(['A'], 1);
    delivery.pilot.isHeld = true;
    await delivery.run();
    expect(sizes(delivery)).toEqual([]);
    expect(delivery.store.all.get('f1')?.dueAt).toBe(start + 5_000);
  });

  it('is over when enough records passed, when somebody skips it, and where none is configured', () => {
    expect(pilotStage({ passed: ['f1'], skipped: false }, 3)).toEqual({ kind: 'running', left: 2 });
    expect(pilotStage({ passed: ['f1', 'f2', 'f3'], skipped: false }, 3)).toEqual({ kind: 'over' });
    expect(pilotStage({ passed: [], skipped: true }, 3)).toEqual({ kind: 'over' });
    expect(pilotStage({ passed: ['f1'], skipped: false, over: true }, 3)).toEqual({ kind: 'over' });
    expect(pilotStage({ passed: [], skipped: false }, 0)).toEqual({ kind: 'over' });
  });
});
