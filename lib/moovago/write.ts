import type { CompanyRecord } from './company.ts';
import type { ChildName } from './entities/entity.ts';
import type { EntityRecord } from './entities/record.ts';

/**
 * One write within a document of many: of a company, or, where `child` names its kind, of a record that belongs to one.
 * `companyId` is the record's own id then, and `parentId` the company's.
 */
export type CompanyWrite =
  | { kind: 'create'; child?: undefined; fields: CompanyRecord }
  | { kind: 'create'; child: ChildName; parentId: string; fields: EntityRecord }
  | { kind: 'update'; child?: ChildName | undefined; companyId: string; fields: EntityRecord }
  /** Not in Moovago's guide: an assumption, and sent only where the tenant asks for it. */
  | { kind: 'delete'; child?: undefined; companyId: string; fields: Record<string, never> };

/**
 * What became of one write: `written`, with the id and no error on its path;
 * `rejected`, an error on its path (it may have been applied all the same: only a look can tell);
 * `unknown`, neither an id nor an error.
 */
export type WriteOutcome =
  | { kind: 'written'; companyId: string }
  | { kind: 'rejected'; reason: string; companyId?: string }
  | { kind: 'unknown'; reason: string };
