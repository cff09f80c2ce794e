import { availableParallelism, cpus, loadavg } from 'node:os';

/** What everything was measured on. */
export type Machine = {
  cpu: string;
  cores: number;
  node: string;
  /** Processes that wanted a core, on average over the minute before. */
  loadBefore: number;
};

export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
});
