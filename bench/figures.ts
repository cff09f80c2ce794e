/** One line of the report. */
export type Figure = {
  what: string;
  unit: string;
  /** `NaN` where nothing came that could be measured. */
  measured: number;
  /** What it has to reach. */
  target?: { atLeast: number } | { atMost: number };
  /** The same of what it is compared with, measured in the same run. */
  compared?: number;
};

/** What one part of the bench found. */
export type Section = {
  name: string;
  title: string;
  /** What the figures are compared with. */
  comparedWith: string;
  figures: Figure[];
  /** What a reader should know of how they came about. */
  notes: string[];
};

/** Whether a figure reaches its target; `undefined` where there is none. */
export function isMet({ measured, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

/** Tells a person what is going on. */
export type Say = (text: string) => void;
