import { expect, it } from 'vitest';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { paceRules } from '../../../lib/pace/pace-rules.ts';

const rules = (pace: object, ignoreBusinessHours = false) =>
  paceRules(parseSyncConfig({ company: { name: 'nom' }, pace }, 'sync.config.ts'), ignoreBusinessHours);
const hours = {
  timezone: 'Europe/Paris',
  days: [1, 2, 3, 4, 5],
  fromMinute: 480,
  toMinute: 1110,
  requestsPerSecond: 1,
};

it("Business hours are those that Moovago's guide asks for", () => {
  expect(rules({})).toEqual({ business: hours, otherwise: { requestsPerSecond: 5 } });
});

it('There are none where the configuration says so, or the command line', () => {
  const otherwise = { requestsPerSecond: 4 };
  expect(rules({ businessHours: false, otherwise })).toEqual({ otherwise });
  expect(rules({ otherwise }, true)).toEqual({ otherwise });
});
