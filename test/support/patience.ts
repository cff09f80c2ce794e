/** How long a condition is waited for. It only ends what hangs: what works needs a small part of it, on a busy machine too. */
export const patience = { timeout: 120_000, interval: 20 };
