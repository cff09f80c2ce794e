/** How long a condition is waited for. It only ends what hangs: nothing that works takes a tenth of it, on a busy machine either. */
export const patience = { timeout: 120_000, interval: 20 };
