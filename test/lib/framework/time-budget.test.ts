import { describe, expect, it } from 'vitest';
import {
  feedEveryMs,
  functionMs,
  leaseMs,
  renewPollMs,
  requestMs,
  reserveMs,
} from '../../../lib/framework/time-budget.ts';
import { readStack } from '../../../local/template.ts';

const { functions } = readStack(process.cwd(), { stage: 'test', environment: {} });

describe('the time budget', () => {
  it('has the time-outs of serverless.yml', () => {
    expect(
      Object.fromEntries(functions.map(({ name, timeoutSeconds }) => [name, timeoutSeconds * 1000])),
    ).toEqual(functionMs);
  });

  it("has the feeder's schedule of serverless.yml", () => {
    const feeder = functions.find(({ name }) => name === 'feedQueue');
    expect(feeder?.schedules.map(({ expression }) => expression)).toEqual([
      `rate(${feedEveryMs / 60_000} minute)`,
    ]);
  });

  it('leaves time for the last request of each function', () => {
    expect(reserveMs.poll).toBeGreaterThan(requestMs.clavus);
    expect(reserveMs.delivery).toBeGreaterThan(requestMs.moovago);
    expect(reserveMs.prospects).toBeGreaterThan(requestMs.clavus);
    expect(reserveMs.poll).toBeLessThan(functionMs.pollClavus);
    expect(reserveMs.delivery).toBeLessThan(functionMs.writeMoovago);
    expect(reserveMs.prospects).toBeLessThan(functionMs.refreshDirectory);
  });

  it('ends no lease under a function that is alive', () => {
    expect(leaseMs.poll).toBeGreaterThan(renewPollMs + requestMs.clavus);
    expect(leaseMs.pilot).toBeGreaterThanOrEqual(functionMs.writeMoovago);
    expect(leaseMs.prospects).toBeGreaterThan(functionMs.refreshDirectory);
  });
});
