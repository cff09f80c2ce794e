import { describe, expect, it } from 'vitest';
import { judge } from '../../bench/identity/judge.ts';
import { firstKeyDecides, witnessDecides } from '../../bench/identity/rules.ts';
import { makeTenant } from '../../bench/identity/tenant.ts';

describe('the identity of customers', () => {
  it('is told right for a made-up office, where an equal value in one column tells it wrong', () => {
    const tenant = makeTenant(1, 'office');
    const { links, right, wrong, twice } = judge(tenant, witnessDecides);
    expect({ wrong, twice }).toEqual({ wrong: 0, twice: 0 });
    expect(right / links).toBeGreaterThan(0.98);
    expect(judge(tenant, firstKeyDecides).wrong).toBeGreaterThan(50);
  });
});
