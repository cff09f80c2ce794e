import { createHash } from 'node:crypto';
import { createGraphQLError } from 'graphql-yoga';

const fields = [
  'firstName',
  'lastName',
  'address',
  'postalCode',
  'email',
  'phone',
  'type',
  'siren',
  'puissanceKc',
  'prixHT',
  'gps',
  'commercialNote',
] as const;
type ProspectField = (typeof fields)[number];
export type ProspectInput = { id?: string | null } & Partial<Record<ProspectField, unknown>>;
export type SimulatedProspect = { id: string; converted: boolean } & Partial<Record<ProspectField, unknown>>;

/** `upsertProspect`: an id updates the fields that are given, no id adds. A converted prospect refuses every update. */
export function upsertProspect(
  prospects: Map<string, SimulatedProspect>,
  newId: () => string,
  input: ProspectInput,
): SimulatedProspect {
  const given = fields.filter((field) => input[field] !== undefined).map((field) => [field, input[field]]);
  if (input.id === undefined || input.id === null) {
    const prospect: SimulatedProspect = { id: newId(), converted: false, ...Object.fromEntries(given) };
    prospects.set(prospect.id, prospect);
    return prospect;
  }
  const prospect = prospects.get(input.id);
  if (prospect === undefined) throw createGraphQLError('Prospect not found');
  if (prospect.converted) throw createGraphQLError('A converted prospect cannot be updated');
  return Object.assign(prospect, Object.fromEntries(given));
}

/** Ids that look like Clavus' own, the same in every run. */
export function prospectIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    const digest = BigInt(`0x${createHash('sha256').update(`prospect ${count}`).digest('hex')}`);
    return `cl${digest.toString(36).slice(0, 23)}`;
  };
}
