/** The result of work whose failures the caller handles itself, one by one. */
export type Attempt<Value> = { ok: true; value: Value } | { ok: false; error: unknown };

/** Turns a rejection into a value, for callers that decide by the kind of the error. */
export async function attempt<Value>(work: Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, error };
  }
}
