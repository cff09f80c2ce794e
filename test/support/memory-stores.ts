import type { Cursor, CursorStore } from '../../lib/state/cursor.ts';
import type { CompaniesPass, Directory, DirectoryStore, UnmatchedOwner } from '../../lib/state/directory.ts';
import { FingerprintMap } from '../../lib/state/fingerprint-map.ts';
import type { Fingerprints } from '../../lib/state/fingerprints.ts';
import { bearerOf, bearerText, type KeyOwner, type MatchIndex } from '../../lib/state/match-index.ts';
import type { Pilot } from '../../lib/state/pilot.ts';
import type { ProspectLink, ProspectLinks } from '../../lib/state/prospect-links.ts';
import type { Removals, RemovalsStore } from '../../lib/state/removals.ts';
import {
  addPage,
  emptyProgress,
  type ScannedPage,
  type ScanProgressStore,
} from '../../lib/state/scan-progress.ts';
import { packIds, SeenFolders } from '../../lib/state/seen-folders.ts';

// The stores in memory, with the same answers as the table's: for tests of what decides, not of what stores.

type Taken = Partial<KeyOwner> & { token?: string | undefined };

export function memoryMatchIndex() {
  /** Match key → its bearers, as an item keeps them. */
  const companies = new Map<string, string[]>();
  /** Key → the folder that took it. */
  const claims = new Map<string, Taken>();
  /** Key of a company → the folders that ever shared it. */
  const shared = new Map<string, string[]>();
  const found = () => [...companies].filter(([, ids]) => ids.length > 0);
  const add = (key: string, ids: readonly string[]) =>
    companies.set(key, [...new Set([...(companies.get(key) ?? []), ...ids])]);
  const index: MatchIndex = {
    find: async (keys) =>
      new Map(found().flatMap(([key, texts]) => (keys.includes(key) ? [[key, texts.map(bearerOf)]] : []))),
    async *entries() {
      yield* found();
    },
    update: async (more, less) => {
      for (const [key, ids] of more) add(key, ids);
      for (const [key, ids] of less)
        companies.set(
          key,
          (companies.get(key) ?? []).filter((id) => !ids.includes(id)),
        );
    },
    forget: async (keys, companyId) => {
      for (const key of keys)
        companies.set(
          key,
          (companies.get(key) ?? []).filter((text) => bearerOf(text).companyId !== companyId),
        );
    },
    erase: async (folderId) => {
      const keys = [...claims].filter(([, taken]) => taken.folderId === folderId).map(([key]) => key);
      for (const key of keys) claims.delete(key);
      return { keys: keys.length, companyIds: new Set() };
    },
    contradict: async (key, witnesses) => {
      add(
        key,
        witnesses.map((witness) => bearerText({ companyId: '', witness })),
      );
    },
    claim: async (key, { folderId, token, from, its, madeAt }) => {
      const { folderId: owner, token: seen, ...rest } = claims.get(key) ?? {};
      const isFrom = owner === from?.folderId && seen === from?.token;
      if (owner !== undefined && owner !== folderId && !isFrom) return { folderId: owner, token: seen };
      claims.set(key, { ...rest, folderId, token, ...(madeAt === undefined ? {} : { madeAt }) });
      if (its) add(key, [bearerText(its)]);
      return { folderId, token };
    },
    owners: async (keys) =>
      new Map(
        [...claims].flatMap(([key, { folderId, madeAt }]) =>
          keys.includes(key) ? [[key, { folderId, madeAt }] as const] : [],
        ),
      ),
    madeAt: async (key) => claims.get(key)?.madeAt,
    share: async (key, folderId) => {
      shared.set(key, [...(shared.get(key) ?? []), folderId]);
    },
    sharers: async (key) => shared.get(key) ?? [],
    release: async (key, token, to) => {
      if (claims.get(key)?.token !== token) return;
      if (to === undefined) claims.delete(key);
      else claims.set(key, { folderId: to });
    },
  };
  return { ...index, companies, claims, shared };
}

/** One item, which is read and saved as a whole. */
function memoryItem<Value>(now: Value) {
  const item = {
    now,
    read: async () => item.now,
    save: async (next: Value) => {
      item.now = next;
    },
  };
  return item;
}

export const memoryPilot = () => memoryItem<Pilot>({ passed: [], skipped: false });

export function memoryCursor() {
  const unsettled = memoryItem<readonly string[]>([]);
  return Object.assign(memoryItem<Cursor | undefined>(undefined), {
    unsettled,
    readUnsettled: async () => [...unsettled.now],
    saveUnsettled: unsettled.save,
  }) satisfies CursorStore;
}

export function memoryDirectory(before?: Directory) {
  const pass = memoryItem<CompaniesPass | undefined>(undefined);
  const unmatched = memoryItem<readonly UnmatchedOwner[]>([]);
  /** When the next pass that allows creations may begin; `undefined` if creations may go on. */
  const waitFor = memoryItem<number | undefined>(undefined);
  return Object.assign(memoryItem(before), {
    pass,
    unmatched,
    waitFor,
    readPass: pass.read,
    savePass: pass.save,
    distrustPassesBefore: waitFor.save,
    creationsWaitFor: async () =>
      waitFor.now === undefined ? undefined : { from: waitFor.now, why: 'unread' as const },
    readUnmatched: async () => [...unmatched.now],
    saveUnmatched: unmatched.save,
  }) satisfies DirectoryStore;
}

export function memoryFingerprints(folderIds: readonly string[] = []): Fingerprints {
  const saved = new Map(folderIds.map((folderId) => [folderId, new Uint8Array(8)]));
  return {
    load: async () => {
      const map = new FingerprintMap();
      for (const [folderId, fingerprint] of saved) map.set(folderId, fingerprint);
      return map;
    },
    save: async (entries) => {
      for (const { folderId, fingerprint } of entries) saved.set(folderId, Uint8Array.from(fingerprint));
    },
    remove: async (ids) => {
      for (const folderId of ids) saved.delete(folderId);
    },
    folderIds: async (isPicked) => [...saved.keys()].filter(isPicked),
  };
}

export function memoryScanProgress(): ScanProgressStore {
  const scans = new Map<string, ScannedPage[]>();
  return {
    savePage: async (scanId, page) => {
      scans.set(scanId, [...(scans.get(scanId) ?? []), page]);
    },
    read: async (scanId) => {
      const progress = emptyProgress();
      for (const { folderIds, buffered, missing = [], ...page } of scans.get(scanId) ?? []) {
        addPage(progress, { ...page, seen: packIds(folderIds), missing: packIds(missing) });
        progress.buffered.push(...buffered);
      }
      return progress;
    },
  };
}

export function memoryRemovals(): RemovalsStore & { now: Removals } {
  const store: ReturnType<typeof memoryRemovals> = {
    now: {},
    read: async () => store.now,
    save: async (kind, content) => {
      store.now = { ...store.now, [kind]: content };
    },
    saveMissing: async (folderIds) => {
      store.now = { ...store.now, missing: { folderIds: [...folderIds] } };
    },
    forget: async (kind) => {
      store.now = { ...store.now, [kind]: undefined };
    },
  };
  return store;
}

export function memoryProspectLinks(): ProspectLinks & { links: Map<string, ProspectLink> } {
  const links = new Map<string, ProspectLink>();
  const known = new SeenFolders();
  let isOpen = false;
  return {
    links,
    read: async (companyId) => structuredClone(links.get(companyId)),
    all: async () => structuredClone(links),
    save: async (before, after) => {
      if (links.get(after.sk)?.revision !== before?.revision) return undefined;
      const saved = JSON.parse(JSON.stringify({ ...after, revision: (before?.revision ?? 0) + 1 }));
      links.set(after.sk, saved);
      return saved;
    },
    erase: async ({ sk }) => links.delete(sk),
    readKnown: async () => (isOpen ? known : undefined),
    addKnown: async (companyIds) => known.addPacked(packIds(companyIds)),
    open: async () => {
      isOpen = true;
    },
    close: async () => {
      isOpen = false;
    },
  };
}
