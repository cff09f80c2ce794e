import { describe, expect, it } from 'vitest';
import type { BoardSnapshot } from '../../../cli/board/snapshot.ts';

/** The modules of the page have a configuration of types of their own. */
const page = '../../../cli/board/page';
const { summaryOf } = await import(`${page}/flow.js`);
const { speakerOf } = await import(`${page}/speaker.js`);

type Seen = Partial<BoardSnapshot['clavus'] & BoardSnapshot['waiting']>;

/** Nothing waits; all that is not told is well. */
function snapshotWith({ hidden = null, unreadable = 0, leftAside = 0 }: Seen) {
  return {
    at: 1_000,
    clavus: { lastPollAt: 900, hidden, unreadable },
    waiting: { live: 0, bulk: 0, removalsHeld: 0, leftAside },
    pace: { pilot: 'over', heldUntil: null, bulkFrom: 0, timezone: 'Europe/Paris' },
    failed: { total: 0 },
  } as unknown as BoardSnapshot;
}

const summary = (language: 'en' | 'fr', seen: Seen) => summaryOf(snapshotWith(seen), speakerOf(language));

describe('the first sentence of the page', () => {
  it('is calm when all is well', () => {
    expect(summary('en', {})).toMatchObject({ mood: 'calm', text: 'Everything in Clavus is in Moovago.' });
  });

  it('says that the key is refused, and who corrects it', () => {
    const held = {
      ...snapshotWith({}),
      pace: { heldUntil: 61_000, heldWhy: 'key', timezone: 'Europe/Paris' },
    };
    expect(summaryOf(held, speakerOf('en')).text).toMatch(
      /^Moovago refuses the connector's key: nothing is sent before .+\.$/,
    );
    expect(summaryOf(held, speakerOf('fr'))).toMatchObject({
      text: expect.stringMatching(/^Moovago refuse la clé du connecteur : rien n’est envoyé avant .+\.$/),
      more: expect.stringMatching(/^Demandez à la personne qui exploite le connecteur de corriger la clé\./),
    });
  });

  it('says that a list ends before its end', () => {
    const hidden = { shown: 1000, counted: 1200 };
    expect(summary('en', { hidden })).toMatchObject({
      mood: 'warn',
      text: 'Clavus shows only its first 1,000 folders: others may be missing in Moovago. Ask the person who runs the connector to set clavus.createdColumn.',
    });
    expect(summary('fr', { hidden }).text).toMatch(
      /^Clavus ne montre que ses 1.000 premiers dossiers : d’autres/,
    );
  });

  it('says that folders cannot be read, and that rows are left aside', () => {
    expect(summary('en', { unreadable: 1, leftAside: 2 }).text).toBe(
      'One folder cannot be read in Clavus: the companies keep their last state. ' +
        '2 changes are left aside, because a newer version of the connector wrote them. Ask the person who runs the connector to install that version again.',
    );
    expect(summary('fr', { unreadable: 2, leftAside: 1 }).text).toBe(
      '2 dossiers sont illisibles dans Clavus : les sociétés gardent leur dernier état. ' +
        'Une modification est mise de côté, car une version plus récente du connecteur l’a écrite. Demandez à la personne qui exploite le connecteur de réinstaller cette version.',
    );
  });
});
