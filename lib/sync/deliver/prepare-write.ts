import { fieldsToSend, keptBy, type Ownership, pickFields } from '../../mapping/fields-to-send.ts';
import type { EntityRecord } from '../../moovago/entities/record.ts';
import type { CompanyWrite } from '../../moovago/write.ts';
import type { FolderRow, Intent } from '../../state/folder-row.ts';
import type { Transition } from '../../state/folder-rows.ts';
import { readRowId } from '../../state/row-id.ts';
import { gone } from '../rows/removal-transitions.ts';
import { isDue, ownerField } from '../rows/row-status.ts';
import { countUnknownOutcomes, delivered, intended, parked, unmappable } from '../rows/row-transitions.ts';
import type { DeliverDependencies, DeliverOptions } from './delivery.ts';

/** Updates without a clear answer, after which a person must act. That takes hours, because each of them settles first. */
const unknownOutcomesMax = 20;

/** A write whose intent is stored in its row. */
export type Prepared = {
  /** The row with the intent, as saved. */
  row: FolderRow;
  intentId: string;
  /** The intent of an earlier request whose outcome stayed unknown. */
  before: Intent | undefined;
  version: number;
  /** What Moovago holds of the record once it confirms the write. */
  holds: EntityRecord;
  write: CompanyWrite;
};

/**
 * Stores the intent, for the newest state of the row. If another worker has the row, or it is already delivered, it
 * stays as it is.
 */
export async function prepareWrite(
  row: FolderRow,
  options: DeliverOptions,
  { clock, newId, rows }: DeliverDependencies,
): Promise<Prepared[]> {
  const at = clock.now();
  const intentId = newId();
  let prepared: Omit<Prepared, 'row'> | undefined;
  const transition: Transition = (current) => {
    // Our own write of a moment ago, on which another process has built meanwhile.
    if (current?.intent?.id === intentId) return current;
    prepared = undefined;
    if (current === undefined || !isDue(current) || current.intent?.id !== row.intent?.id) return undefined;
    // A person decided otherwise meanwhile: whether the folder may write this company is not known yet.
    if (current.companyId !== row.companyId) return undefined;
    const unknownOutcomes = countUnknownOutcomes(current);
    const instead = insteadOfWrite(current, unknownOutcomes, options, at);
    if (instead !== undefined) return instead;
    const next = nextWrite(current, options);
    const { write, version, holds } = next;
    if (write.kind === 'update' && Object.keys(write.fields).length === 0)
      return delivered(current, { recordId: write.companyId, version, record: holds, at });
    prepared = { ...next, intentId, before: current.intent };
    const sent = write.kind === 'create' ? { fields: write.fields } : {};
    const intent = { id: intentId, at, kind: write.kind, version, ...sent };
    return intended({ ...current, unclear: unknownOutcomes }, intent, at + options.settleAfter);
  };
  const saved = await rows.change(row.folderId, transition, row);
  return saved && prepared ? [{ ...prepared, row: saved }] : [];
}

/** What becomes of a row that must not be written as it stands. */
function insteadOfWrite(
  row: FolderRow,
  unknownOutcomes: number,
  { onRemoved }: DeliverOptions,
  at: number,
): FolderRow | undefined {
  if (row.intent !== undefined && unknownOutcomes >= unknownOutcomesMax)
    return parked(row, {
      kind: 'service',
      message: `Moovago gave no clear answer ${unknownOutcomes} times`,
      at,
    });
  const { desired, companyId, folderId: rowId } = row;
  if (companyId === undefined && desired?.lacksOwner !== undefined)
    return unmappable(row, { rowId, field: ownerField, reason: desired.lacksOwner, at });
  // The tenant has changed what happens to the companies of folders that are gone. An earlier request has settled by now.
  return row.removal !== undefined && row.removal !== onRemoved
    ? gone({ ...row, intent: undefined }, { policy: onRemoved, at, observedAt: at })
    : undefined;
}

/** What must be written for the newest state of a row. */
function nextWrite(
  { folderId, companyId, parentId = '', desired, applied, intent, removal }: FolderRow,
  options: DeliverOptions,
): Pick<Prepared, 'write' | 'version' | 'holds'> {
  const { entity } = readRowId(folderId);
  const child = entity === 'company' ? undefined : entity;
  // `ownership` concerns only the fields of companies.
  const ownership: Ownership = child === undefined ? options.ownership : {};
  const { blanks } = options;
  const { version = 0, record = {} } = desired ?? {};
  const before = applied?.record ?? {};
  if (companyId === undefined) {
    const fields = fieldsToSend({ desired: record, ownership, blanks });
    const kind = 'create';
    const write =
      child === undefined ? ({ kind, fields } as const) : ({ kind, child, parentId, fields } as const);
    return { version, holds: fields, write };
  }
  if (removal === 'delete')
    return { version, holds: before, write: { kind: 'delete', companyId, fields: {} } };
  const isSure = intent === undefined && applied?.isDoubted !== true;
  const known = isSure ? before : keptBy(ownership, before);
  const changed = fieldsToSend({ applied: known, desired: record, ownership, blanks });
  // The folder is gone, so only the name is sent: other fields may still be in an unfinished request.
  const fields = removal === 'flag' ? pickFields(changed, (field) => field === 'name') : changed;
  const holds = { ...(removal === 'flag' ? known : before), ...fields };
  return { version, holds, write: { kind: 'update', child, companyId, fields } };
}
