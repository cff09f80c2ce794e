import { folderMatch } from '../mapping/match-keys.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { error, type Finding } from './finding.ts';

/** Checks that a folder can later recognise the company of its prospect. Reports nothing if the tenant has no prospects. */
export function checkProspects(config: SyncConfig): Finding[] {
  if (config.prospects === undefined || folderMatch(config).length > 0) return [];
  return [
    error(
      'prospects',
      'none is ever sent: nothing of a company tells the folder that it becomes, which would make it twice',
      { cure: 'Map email, phone, or name and postalCode under company, and leave them in match.' },
    ),
  ];
}
