import type { Prospect, SavedProspect } from '../../lib/clavus/prospect.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../lib/mapping/sync-config.ts';
import type { Company } from '../../lib/moovago/company.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import type { KeyHolder } from '../../lib/state/match-index.ts';
import type { ProspectLink } from '../../lib/state/prospect-links.ts';
import { packIds, SeenFolders } from '../../lib/state/seen-folders.ts';
import { sendProspects } from '../../lib/sync/prospects/send-prospects.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { memoryRows } from './memory-rows.ts';

const minuteMs = 60_000;

/** Companies in Moovago, and a Clavus that makes p1, p2, … of them; a turn each time it is asked for one. */
export function prospecting(settings: Partial<SyncConfigInput> = {}) {
  const config = parseSyncConfig(
    {
      company: { name: 'nom', email: 'email', phone: 'telephone', postalCode: 'cp' },
      prospects: {},
      settleAfter: 'PT15M',
      ...settings,
    },
    'sync.config.ts',
  );
  const clock = fakeClock('2026-11-24T10:00:00+01:00');
  const telemetry = fakeTelemetry();
  const rows = memoryRows();
  const links = new Map<string, ProspectLink>();
  let ids = 0;
  let isOpen = false;
  const known = new SeenFolders();
  const world = {
    companies: [] as Company[],
    readBack: 'all' as 'all' | 'documented',
    rows,
    links,
    telemetry,
    clock,
    /** What the index of match keys says. */
    found: new Map<string, string[]>(),
    holders: new Map<string, KeyHolder>(),
    waiting: [] as FolderRow[] | undefined,
    sent: [] as Prospect[],
    /** Takes the place of Clavus' answers. */
    answer: undefined as ((prospect: Prospect) => Promise<SavedProspect>) | undefined,
    isReopened: () => {
      isOpen = false;
    },
    turn: async (asked: string[] = [], lastsMs = 300_000) => {
      const { prospects, match, company } = config;
      if (prospects === undefined) throw new Error('The configuration has no prospects');
      return sendProspects(
        { companies: structuredClone(world.companies), readBack: world.readBack },
        { prospects, match, company, stage: 'test', asked, deadline: clock.now() + lastsMs },
        {
          ...telemetry,
          clock,
          newId: () => `i${++ids}`,
          settleAfterMs: 15 * minuteMs,
          readLinks: async () => structuredClone(links),
          saveLink: async (before, after) => {
            if (links.get(after.sk)?.revision !== before?.revision) return undefined;
            const saved = JSON.parse(JSON.stringify({ ...after, revision: (before?.revision ?? 0) + 1 }));
            links.set(after.sk, saved);
            return saved;
          },
          readKnown: async () => (isOpen ? known : undefined),
          addKnown: async (companyIds) => known.addPacked(packIds(companyIds)),
          open: async () => {
            isOpen = true;
          },
          linkedTo: (companyId) => rows.linkedTo(companyId),
          readRows: rows.read,
          findCompanies: async (keys) => new Map([...world.found].filter(([key]) => keys.includes(key))),
          keyHolders: async (keys) => new Map([...world.holders].filter(([key]) => keys.includes(key))),
          waitingFolders: async () => world.waiting,
          upsertProspect: async (prospect) => {
            world.sent.push(prospect);
            return world.answer ? world.answer(prospect) : { id: prospect.id ?? `p${world.sent.length}` };
          },
        },
      );
    },
    /** Turns an hour apart: a new company rests before it is sent. */
    hours: async (count: number) => {
      for (let nth = 0; nth < count; nth++) {
        clock.set(clock.now() + 60 * minuteMs);
        await world.turn();
      }
    },
    status: (companyId: string) => links.get(companyId)?.status,
  };
  return world;
}
