import type { Company, CompanyField, CompanyRecord } from '../../lib/moovago/company.ts';

/** A company, and how it came to be as it is. */
export type Stored = {
  company: Company;
  listedAt: number;
  /** The folder for which the connector made it; none where a rep did. */
  origin: string | undefined;
  /** What the connector wrote to each field last. */
  written: CompanyRecord;
  /** Fields that a rep has changed since then. */
  byReps: Set<CompanyField>;
  /** The customer whom the connector must recognise: not of one that a rep made while it was at work. */
  customer: number | undefined;
  /** The customers whom it ever named. */
  answersTo: Set<number>;
  /** Moovago said no when it was made. */
  isDenied: boolean;
  isDeleted: boolean;
  hasLostMarker: boolean;
  /** A rep took its marker away while no row told whose it is: nobody can tell. */
  isUnrecognisable: boolean;
  /** The list could not show it in full at some time: it may never have been read. */
  wasOdd: boolean;
};
