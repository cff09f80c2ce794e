import { Duration } from 'luxon';
import { defaultMatch, type SyncConfig } from '../mapping/sync-config.ts';
import type { TextField } from '../moovago/company.ts';
import { checkProspects } from './check-prospects.ts';
import { error, type Finding, warning } from './finding.ts';

/** The hours that Moovago's guide keeps free of bulk work: Monday to Friday, 8:00 to 18:30, in Paris. */
const guide = { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 18.5 * 60, timezone: 'Europe/Paris' };
/** Moovago's guide: one request a second is ideal. */
const idealPerSecond = 1;
/** In milliseconds. A function that writes lives for one minute, and its last request may land after that. */
const settleMin = 2 * 60_000;

/** Finds policies of a valid configuration that contradict each other or have no effect. */
export function checkConfiguration(config: SyncConfig): Finding[] {
  return [
    ...checkRecognition(config),
    ...checkPolicies(config),
    ...checkOwnerSettings(config),
    ...checkPace(config),
    ...checkRemovals(config),
    ...checkProspects(config),
  ];
}

const isMapped = ({ company }: SyncConfig, field: TextField) => company[field] !== undefined;

/** How the connector recognises a company that already exists. */
function checkRecognition(config: SyncConfig): Finding[] {
  const keys = config.match.filter((key) => key !== 'marker');
  const unmapped = keys.filter((key) => [key].flat().some((field) => !isMapped(config, field)));
  const useful = keys.length - unmapped.length;
  const findings: Finding[] = [];
  if (config.marker === 'none' && useful === 0)
    findings.push(
      error(
        'match',
        'nothing recognises a company: without a marker and without a key, it may be made twice',
        {
          cure: "Set marker to 'note', or map a field that match compares.",
        },
      ),
    );
  else if (useful === 0)
    findings.push(
      warning(
        'match',
        'companies that reps made before are never recognised: no key compares mapped fields',
        {
          cure: 'Map email, phone, or name and postalCode under company.',
        },
      ),
    );
  else if (unmapped.length > 0 && JSON.stringify(config.match) !== JSON.stringify(defaultMatch))
    findings.push(
      warning(
        'match',
        `${unmapped.map((key) => [key].flat().join(' with ')).join(', ')}: never compared, not mapped`,
        {
          cure: 'Map what is compared under company, or leave it out of match.',
        },
      ),
    );
  if (config.marker === 'note' && !config.match.includes('marker'))
    findings.push(
      warning('match', 'the marker is written into the note, but match does not look for it', {
        cure: "Put 'marker' first in match.",
      }),
    );
  return findings;
}

/** Which side decides on each field. A note that is not mapped gets `create-only` automatically. */
function checkPolicies(config: SyncConfig): Finding[] {
  const { blanks, ownership } = config;
  const fields = Object.entries(ownership).filter(([, policy]) => policy !== 'clavus');
  const unmapped = fields.filter(([field]) => field !== 'note' && !isMappedName(config, field));
  const neverCleared = fields.filter(([field]) => blanks === 'clear' && isMappedName(config, field));
  return [
    ...unmapped.map(([field, policy]) =>
      warning(`ownership.${field}`, `'${policy}' has no effect: company.${field} is not mapped`, {
        cure: `Map company.${field}, or leave it out of ownership.`,
      }),
    ),
    ...neverCleared.map(([field, policy]) =>
      warning(`ownership.${field}`, `'${policy}' contradicts blanks: 'clear': this field is never emptied`, {
        cure: "Nothing, if that is meant. Otherwise set it to 'clavus'.",
      }),
    ),
  ];
}

const isMappedName = ({ company, mandators }: SyncConfig, field: string) =>
  (field === 'mandatorIds' && mandators !== undefined) ||
  Object.entries(company).some(([name, rule]) => name === field && rule !== undefined);

function checkOwnerSettings({ company, owners }: SyncConfig): Finding[] {
  if (company.ownerIds !== undefined) return [];
  const set = owners.fallback !== undefined || Object.keys(owners.overrides).length > 0;
  return set
    ? [
        warning('owners', 'has no effect: company.ownerIds is not mapped, so no company gets an owner', {
          cure: "Map it, such as ownerIds: { from: 'commercial', as: 'owner' }.",
        }),
      ]
    : [];
}

const coverTheGuides = ({
  days,
  fromMinute,
  toMinute,
}: Exclude<SyncConfig['pace']['businessHours'], false>): boolean =>
  guide.days.every((day) => days.includes(day)) &&
  fromMinute <= guide.fromMinute &&
  toMinute >= guide.toMinute;

/** The schema of the configuration already enforces the limit of 5 requests a second. */
function checkPace({ pace, settleAfter }: SyncConfig): Finding[] {
  const { businessHours, timezone } = pace;
  const findings: Finding[] = [];
  if (businessHours === false || !coverTheGuides(businessHours) || timezone !== guide.timezone)
    findings.push(
      warning(
        'pace.businessHours',
        "do not cover Monday to Friday, 8:00 to 18:30, Europe/Paris, as Moovago's guide asks",
        {
          cure: 'Leave pace.businessHours and pace.timezone out, unless Moovago has agreed to others.',
        },
      ),
    );
  if (businessHours !== false && businessHours.requestsPerSecond > idealPerSecond)
    findings.push(
      warning(
        'pace.businessHours.requestsPerSecond',
        "is more than the one a second that Moovago's guide asks for",
        {
          cure: 'Leave it at 1, unless Moovago has agreed to more.',
        },
      ),
    );
  if (settleAfter < settleMin)
    findings.push(
      warning(
        'settleAfter',
        `${seconds(settleAfter)} is less than a request may take to land: a company may be made twice`,
        {
          cure: "Leave it at 'PT15M'.",
        },
      ),
    );
  return findings;
}

const seconds = (ms: number) => `${Duration.fromMillis(ms).as('seconds')} s`;

function checkRemovals({ clavus, onRemoved, removalLimit }: SyncConfig): Finding[] {
  const findings: Finding[] = [];
  if (onRemoved === 'delete' && clavus.filter.length > 0)
    findings.push(
      warning(
        'onRemoved',
        "with clavus.filter, 'delete' also deletes the company of a folder that no longer passes it",
        {
          cure: "Nothing, if that is meant. Otherwise set it to 'keep' or 'flag'.",
        },
      ),
    );
  if (onRemoved !== 'keep' && removalLimit.share > 0.5)
    findings.push(
      warning(
        'removalLimit.share',
        'lets more than half of all companies go at once: an error in Clavus would too',
        {
          cure: 'Leave it at 0.02.',
        },
      ),
    );
  return findings;
}
