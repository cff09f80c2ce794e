import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../../lib/framework/errors.ts';
import { OperationRefused } from '../../../../lib/framework/operation-refused.ts';
import { fail, lemoine, petit, refusing, unanswered, withNew } from '../../../support/prospect-companies.ts';

describe('a prospect whose answer never came', () => {
  it('is parked once it has settled, and sent again only when somebody names it', async () => {
    const world = await withNew([lemoine, petit]);
    world.answer = unanswered;
    await world.hours(2);
    // One is enough: Clavus is in trouble, and the other one waits.
    expect(world.sent).toHaveLength(1);
    world.answer = undefined;
    await world.hours(3);
    expect(world.sent.map(({ lastName }) => lastName)).toEqual(['Boulangerie Lemoine', 'Garage Petit']);
    expect(world.status('c1')).toBe('parked');
    expect(world.telemetry.counts.OutcomesUnknown).toBe(1);
    await world.turn(['c1']);
    expect(world.sent).toHaveLength(3);
    expect(world.status('c1')).toBe('sent');
  });

  it('is not sent again while a late request may take effect, whoever names it', async () => {
    const world = await withNew([lemoine]);
    world.answer = unanswered;
    await world.hours(2);
    await world.turn(['c1']);
    expect(world.sent).toHaveLength(1);
  });

  it('is sent again, as it is now, once it has settled, where it is an edit', async () => {
    const world = await withNew([lemoine]);
    await world.hours(2);
    world.answer = unanswered;
    world.companies = [{ ...lemoine, note: 'Toit en pente' }];
    await world.hours(1);
    world.answer = undefined;
    // Back to what Clavus was last known to hold: it may hold the other one.
    world.companies = [lemoine];
    await world.turn();
    expect(world.sent).toHaveLength(2);
    await world.hours(2);
    expect(world.sent.slice(1)).toEqual([
      { id: 'p1', commercialNote: 'Toit en pente' },
      { id: 'p1', commercialNote: 'Toit plat' },
    ]);
  });

  it('is resolved by a value that Clavus refused before, which is then refused once more', async () => {
    const world = await withNew([lemoine]);
    await world.hours(2);
    const refused = { ...lemoine, note: 'Toit rond' };
    world.answer = refusing('Commentaire invalide');
    world.companies = [refused];
    await world.hours(1);
    world.answer = unanswered;
    world.companies = [{ ...lemoine, note: 'Toit en pente' }];
    await world.hours(1);
    world.answer = refusing('Commentaire invalide');
    world.companies = [refused];
    await world.hours(4);
    expect(world.sent).toHaveLength(4);
    expect(world.links.get('c1')).toMatchObject({ status: 'refused' });
    expect(world.links.get('c1')?.intent).toBeUndefined();
  });

  it('is sent again even where Clavus refuses the next edit, and it is taken back: Clavus may hold it', async () => {
    const world = await withNew([lemoine]);
    await world.hours(2);
    world.answer = unanswered;
    world.companies = [{ ...lemoine, note: 'Toit en pente' }];
    await world.hours(1);
    world.answer = refusing('Commentaire invalide');
    world.companies = [{ ...lemoine, note: 'Toit rond' }];
    await world.hours(2);
    expect(world.status('c1')).toBe('refused');
    world.answer = undefined;
    world.companies = [lemoine];
    await world.hours(1);
    expect(world.sent.slice(1)).toEqual([
      { id: 'p1', commercialNote: 'Toit en pente' },
      { id: 'p1', commercialNote: 'Toit rond' },
      { id: 'p1', commercialNote: 'Toit plat' },
    ]);
    expect(world.status('c1')).toBe('sent');
  });
});

describe('an edit that never gets an answer', () => {
  it('is left to a person after eight', async () => {
    const world = await withNew([lemoine]);
    await world.hours(2);
    world.answer = unanswered;
    world.companies = [{ ...lemoine, note: 'Toit en pente' }];
    await world.hours(25);
    expect(world.sent).toHaveLength(9);
    expect(world.links.get('c1')).toMatchObject({
      status: 'parked',
      failure: { message: 'Clavus gave no clear answer to 8 updates of this prospect' },
    });
  });
});

describe('a turn', () => {
  it('that was frozen between the intent and the request sends nothing: somebody may have settled it meanwhile', async () => {
    const world = await withNew([lemoine]);
    await world.turn();
    const { linkedTo } = world.rows;
    world.rows.linkedTo = async (companyId) => {
      if (world.links.get('c1')?.intent !== undefined) await world.clock.wait(21_000);
      return linkedTo(companyId);
    };
    await world.hours(1);
    expect(world.sent).toEqual([]);
    world.rows.linkedTo = linkedTo;
    await world.hours(1);
    expect(world.status('c1')).toBe('sent');
  });

  it('that somebody else was faster than sends nothing', async () => {
    const world = await withNew([lemoine]);
    await world.turn();
    const { linkedTo } = world.rows;
    world.rows.linkedTo = async (companyId) => {
      const link = world.links.get('c1');
      if (link) world.links.set('c1', { ...link, revision: link.revision + 1 });
      return linkedTo(companyId);
    };
    await world.hours(1);
    expect(world.sent).toEqual([]);
  });

  it('that is about to be killed begins no request', async () => {
    const world = await withNew([lemoine]);
    await world.turn();
    world.clock.set(world.clock.now() + 3_600_000);
    await world.turn([], 39_000);
    expect(world.sent).toEqual([]);
  });

  it('begins with those that failed least', async () => {
    const world = await withNew([lemoine]);
    world.answer = fail(new TryLater('refused', { system: 'Clavus', applied: 'no' }));
    await world.hours(2);
    world.companies = [lemoine, petit];
    await world.hours(4);
    const names = world.sent.map(({ lastName }) => lastName);
    expect(names.slice(0, 4)).toEqual([
      'Boulangerie Lemoine',
      'Boulangerie Lemoine',
      'Garage Petit',
      'Garage Petit',
    ]);
  });
});

describe('what Clavus says', () => {
  it('of a value that it does not take is kept with the company, which is sent again once it is edited', async () => {
    const world = await withNew([lemoine, petit]);
    world.answer = async (prospect) =>
      prospect.phone === undefined ? { id: 'p2' } : refusing('Téléphone invalide')();
    await world.hours(3);
    expect(world.sent).toHaveLength(2);
    expect(world.links.get('c1')).toMatchObject({
      status: 'refused',
      failure: { message: 'Téléphone invalide' },
    });
    expect(world.telemetry.counts).toMatchObject({ ProspectsCreated: 1 });
    expect(world.telemetry.lines.filter(({ event }) => event === 'prospect-refused')).toEqual([
      { level: 'warn', event: 'prospect-refused', companyId: 'c1', prospectId: undefined },
    ]);
    expect(JSON.stringify(world.telemetry.lines)).not.toMatch(/invalide|Lemoine|0612/);
    world.answer = undefined;
    world.companies = [{ ...lemoine, phone: '0612345699' }, petit];
    await world.hours(1);
    expect([world.status('c1'), world.sent.length]).toEqual(['sent', 3]);
  });

  it('of a document that it does not take, too', async () => {
    const world = await withNew([lemoine]);
    world.answer = fail(new OperationRefused('CLAVUS_API_URL', 'refused', { reason: 'Unknown argument' }));
    await world.hours(3);
    expect([world.status('c1'), world.sent.length]).toEqual(['refused', 1]);
  });

  it('of a converted prospect is no failure', async () => {
    const world = await withNew([lemoine]);
    await world.hours(2);
    world.answer = refusing('Prospect was converted');
    world.companies = [{ ...lemoine, note: 'Signé' }];
    await world.hours(3);
    expect([world.status('c1'), world.sent.length]).toEqual(['converted', 2]);
    expect(world.telemetry.counts).toMatchObject({ ProspectsFailed: 0 });
    const events = world.telemetry.lines.map(({ event }) => event);
    expect(events).toContain('prospect-converted');
    expect(events).not.toContain('prospect-refused');
  });

  it('of a new one is a refusal, whatever it says of conversions', async () => {
    const world = await withNew([lemoine]);
    world.answer = refusing('Conversion du code postal impossible');
    await world.hours(2);
    expect(world.status('c1')).toBe('refused');
  });

  it('about an edit ends when the rep takes the edit back', async () => {
    const world = await withNew([lemoine]);
    await world.hours(2);
    world.answer = refusing('Note invalide');
    world.companies = [{ ...lemoine, note: 'non valide' }];
    await world.hours(2);
    expect(world.status('c1')).toBe('refused');
    world.companies = [lemoine];
    await world.hours(1);
    expect([world.status('c1'), world.sent.length]).toEqual(['sent', 2]);
  });

  it('when it certainly did nothing, is to come again, after longer and longer waits', async () => {
    const world = await withNew([lemoine]);
    world.answer = fail(new TryLater('refused', { system: 'Clavus', applied: 'no' }));
    await world.hours(2);
    expect(world.sent).toHaveLength(1);
    await world.turn();
    expect(world.sent).toHaveLength(1);
    await world.hours(10);
    expect(world.sent.length).toBeGreaterThan(3);
    expect(world.sent.length).toBeLessThan(9);
    world.answer = undefined;
    await world.hours(5);
    expect(world.status('c1')).toBe('sent');
  });

  it('about the key stops the turn, and refuses no company', async () => {
    const world = await withNew([lemoine, petit]);
    await world.turn();
    world.answer = fail(new ConfigurationError('CLAVUS_API_KEY', 'refused (401)'));
    await expect(world.hours(1)).rejects.toThrow('CLAVUS_API_KEY');
    expect([world.status('c1'), world.sent.length]).toEqual(['new', 1]);
    world.answer = undefined;
    await world.hours(1);
    expect([world.status('c1'), world.status('c2')]).toEqual(['sent', 'sent']);
  });
});
