/** One operation within a request: a document may carry many, told apart by alias. */
export type RecordedOperation = {
  /** Where its answer stands in `data`, joined by dots: `erpEnrAPI.getFolders`, `w3.create`. */
  path: string;
  /** What is asked: `getFolders`, `companyList`, `company.create`. */
  operation: string;
  /** Its arguments, with the values of the variables filled in. */
  args: Record<string, unknown>;
};

export type RecordedRequest = {
  /** From 1, in the order of arrival. */
  number: number;
  /** When its head arrived, in milliseconds of the simulator's `now`. */
  at: number;
  /** The operations in it, each named once, joined by commas. Empty for a document that does not parse. */
  operation: string;
  operations: RecordedOperation[];
  /** Arguments of the first operation. */
  args: Record<string, unknown>;
  /** HTTP status of the answer; null while there is none, and for ever where the request hangs or is reset. */
  status: number | null;
  /** `errors`: HTTP 200 with something in `errors[]`. A fault that decided the answer is named by its kind. */
  outcome: 'pending' | 'answered' | 'errors' | 'unauthorized' | 'throttled' | (string & {});
};

/** A request as it arrives, before anything is decided about it. */
export function recordArrival(number: number, at: number, operations: RecordedOperation[]): RecordedRequest {
  return {
    number,
    at,
    operation: [...new Set(operations.map(({ operation }) => operation))].join(','),
    operations,
    args: operations[0]?.args ?? {},
    status: null,
    outcome: 'pending',
  };
}
