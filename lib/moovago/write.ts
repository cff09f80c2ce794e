import type { CompanyRecord } from './company.ts';
import type { ChildName } from './entities/entity.ts';
import type { EntityRecord } from './entities/record.ts';

/**
 * One write of a document: of a company, or, if `child` names a kind, of a record that belongs to a company. In that
 * case `companyId` is the record's own id, and `parentId` is the company's.
 */
export type CompanyWrite =
  | { kind: 'create'; child?: undefined; fields: CompanyRecord }
  | { kind: 'create'; child: ChildName; parentId: string; fields: EntityRecord }
  | { kind: 'update'; child?: ChildName | undefined; companyId: string; fields: EntityRecord }
  /** Not in Moovago's guide (assumption); sent only if the tenant asks for it. */
  | { kind: 'delete'; child?: undefined; companyId: string; fields: Record<string, never> };

/**
 * The outcome of one write. `written`: an id, and no error on its path. `rejected`: an error on its path that is about
 * the record. It may still have been applied; only a read can tell. `throttled`: it came too early, and may have
 * been applied. `unknown`: neither an id, nor an error that is about the record.
 */
export type WriteOutcome =
  | { kind: 'written'; companyId: string }
  | { kind: 'rejected'; reason: string; companyId?: string }
  | { kind: 'throttled'; reason: string }
  | { kind: 'unknown'; reason: string };
