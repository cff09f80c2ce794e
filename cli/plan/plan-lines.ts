import { textFields } from '../../lib/moovago/company.ts';
import { changeLines } from './change-lines.ts';
import type {
  Plan,
  PlannedAdopt,
  PlannedAmbiguous,
  PlannedCreate,
  PlannedRemoval,
  PlannedSecondary,
} from './plan.ts';
import { type ScheduleOptions, scheduleLines } from './schedule-lines.ts';

type PlanLinesOptions = ScheduleOptions & {
  /** Shows every change. */
  all?: boolean;
};

/** Of each kind, as many are shown. */
const shownMax = 10;
const lineMax = 110;

/** The plan in words, for a terminal. */
export function planLines(plan: Plan, options: PlanLinesOptions): string[] {
  const section = <Entry>(
    title: (count: string) => string,
    entries: readonly Entry[],
    lines: (entry: Entry) => string[],
  ) => {
    if (entries.length === 0) return [];
    const { shown, more } = firstOf(entries, options);
    return [
      title(String(entries.length)),
      ...[...shown.flatMap(lines), ...more].map((line) => `  ${line}`),
      '',
    ];
  };
  return [
    ...section((count) => `To create in Moovago: ${count}`, plan.creates, createLines),
    ...section(
      (count) => `To update in Moovago: ${count}`,
      plan.updates,
      ({ folderId, companyId, changes }) => [`${folderId}  company ${companyId}`, ...changeLines(changes)],
    ),
    ...section((count) => `To link to a company that Moovago already has: ${count}`, plan.adopts, adoptLines),
    ...section(
      (count) => `To share the company of another folder, which writes it: ${count}`,
      plan.secondary,
      shareLines,
    ),
    ...section(
      (count) => `Gone from Clavus: ${count}${heldText(plan.removals)}`,
      plan.removals,
      removalLines,
    ),
    ...section((count) => `You decide which company it is: ${count}`, plan.ambiguous, ambiguousLines),
    ...unmappableLines(plan.unmappable, options),
    ...scheduleLines(plan, options),
  ];
}

/** What is shown of many entries, and a line about the rest. */
function firstOf<Entry>(entries: readonly Entry[], { all = false }: PlanLinesOptions) {
  const shown = all ? entries : entries.slice(0, shownMax);
  const more = entries.length - shown.length;
  return { shown, more: more > 0 ? [`… and ${more} more (--all, or --csv FILE)`] : [] };
}

function createLines({ folderId, fields }: PlannedCreate): string[] {
  const texts = textFields.filter((field) => field !== 'note').flatMap((field) => fields[field] ?? []);
  const line = `${folderId}  ${texts.join(' · ')}`;
  return [line.length > lineMax ? `${line.slice(0, lineMax)}…` : line];
}

const adoptLines = ({ folderId, companyId, name, companyName, by, because, changes }: PlannedAdopt) => [
  `${folderId}  ${name}: company ${companyId}  ${companyName}`,
  `  ${because || `by ${by}`}`,
  ...changeLines(changes),
];

const shareLines = ({ folderId, name, primary, primaryName, by, because }: PlannedSecondary) => [
  `${folderId}  ${name}: with folder ${primary}  ${primaryName}`,
  ...(because || by !== null ? [`  ${because || `by ${by}`}`] : []),
];

const ambiguousLines = ({ folderId, name, by, because, candidates }: PlannedAmbiguous) => [
  `${folderId}  ${name}: ${because || `by ${by}`}`,
  ...candidates.map((company) => `  company ${company.companyId}  ${company.name}`),
];

const whatBecomes = {
  keep: 'stays as it is',
  flag: 'gets a mark in its name',
  delete: 'is deleted',
} as const;

function removalLines({ folderId, companyId, name, policy, held, confirmed }: PlannedRemoval): string[] {
  const company = companyId === null ? 'no company' : `company ${companyId} ${whatBecomes[policy]}`;
  const when = held ? ', held' : confirmed ? '' : ', if the next scan does not find it either';
  return [`${folderId}  ${name}: ${company}${when}`];
}

/** By reason, as many often have the same one. */
function unmappableLines(unmappable: Plan['unmappable'], options: PlanLinesOptions): string[] {
  if (unmappable.length === 0) return [];
  const byReason = Map.groupBy(unmappable, ({ field, reason }) => `${field}: ${reason}`);
  const lines = [...byReason].flatMap(([reason, folders]) => {
    const { shown, more } = firstOf(folders, options);
    const folderIds = shown.map(({ folderId }) => folderId).join(', ');
    return [`  ${reason}`, ...[folderIds, ...more].map((line) => `    ${line}`)];
  });
  const isAboutPeople = unmappable.some(({ field }) => field === 'company.ownerIds');
  return [
    `Cannot be mapped: ${unmappable.length}${isAboutPeople ? ' (npx clavus-moovago check names these people)' : ''}`,
    ...lines,
    '',
  ];
}

const heldText = (removals: readonly PlannedRemoval[]) =>
  removals.some(({ held }) => held)
    ? ', more than removalLimit allows at once: none is removed before `removals approve`'
    : '';
