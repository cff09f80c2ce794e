import type { Pilot } from '../lib/state/pilot.ts';

const shown = (value: string) => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);

/** Why the pilot stopped the import, field by field, and what to do. */
export function pilotLines({ folderId, companyId, fields }: NonNullable<Pilot['stopped']>): string[] {
  return [
    `The pilot stopped the import: what Moovago holds for folder ${folderId} (company ${companyId}) differs from what was sent.`,
    ...fields.map(({ field, sent, found }) =>
      field === 'id'
        ? `  company ${sent} is not among Moovago's companies`
        : `  ${field.padEnd(11)}sent ${shown(sent)}, found ${shown(found)}`,
    ),
    `Correct sync.config.ts or the folder, and run sync again (or: npx clavus-moovago retry ${folderId}).`,
    'If what Moovago holds is right: npx clavus-moovago sync --once --skip-pilot',
  ];
}
