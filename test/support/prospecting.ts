import type { Prospect, SavedProspect } from '../../lib/clavus/prospect.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../lib/mapping/sync-config.ts';
import type { Company } from '../../lib/moovago/company.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { sendProspects } from '../../lib/sync/prospects/send-prospects.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { memoryRows } from './memory-rows.ts';
import { memoryMatchIndex, memoryProspectLinks } from './memory-stores.ts';

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
  const matchIndex = memoryMatchIndex();
  const prospectLinks = memoryProspectLinks();
  const { links } = prospectLinks;
  let ids = 0;
  const world = {
    companies: [] as Company[],
    readBack: 'all' as 'all' | 'documented',
    hasAllIds: true,
    rows,
    links,
    telemetry,
    clock,
    /** What the index of match keys says. */
    found: matchIndex.companies,
    owners: matchIndex.claims,
    waiting: [] as FolderRow[] | undefined,
    sent: [] as Prospect[],
    /** Takes the place of Clavus' answers. */
    answer: undefined as ((prospect: Prospect) => Promise<SavedProspect>) | undefined,
    isReopened: prospectLinks.close,
    turn: async (asked: string[] = [], lastsMs = 300_000) => {
      const { prospects } = config;
      if (prospects === undefined) throw new Error('The configuration has no prospects');
      return sendProspects(
        { companies: structuredClone(world.companies), readBack: world.readBack, hasAllIds: world.hasAllIds },
        { ...config, prospects, stage: 'test', asked, deadline: clock.now() + lastsMs },
        {
          telemetry,
          clock,
          newId: () => `i${++ids}`,
          config,
          prospectLinks,
          rows,
          matchIndex,
          waitingFolders: async () => world.waiting,
          clavus: {
            upsertProspect: async (prospect) => {
              world.sent.push(prospect);
              return world.answer ? world.answer(prospect) : { id: prospect.id ?? `p${world.sent.length}` };
            },
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
