import { expect, it } from 'vitest';
import { explanationOfProspect } from '../../cli/prospect-lines.ts';
import type { ProspectLink } from '../../lib/state/prospect-links.ts';

const parked: ProspectLink = {
  sk: 'c1',
  revision: 3,
  writeId: 'w3',
  status: 'parked',
  seenAt: 0,
  attempts: 0,
  failure: { message: 'no clear answer', at: 0 },
};
const nextStep = (link: ProspectLink, stage?: string) =>
  explanationOfProspect(link, stage === undefined ? {} : { stage })[2];

it('What to do about a prospect is a command for the machine or the stage that was asked about', () => {
  expect(nextStep(parked)).toBe(
    'Next step: Look for it in Clavus. If it is not there: npx clavus-moovago retry c1',
  );
  expect(nextStep(parked, 'prod')).toBe(
    'Next step: Look for it in Clavus. If it is not there: aws lambda invoke --function-name clavus-moovago-prod-refreshDirectory ' +
      `--cli-binary-format raw-in-base64-out --payload '{"prospects":["c1"]}' /dev/stdout`,
  );
  expect(nextStep({ ...parked, status: 'owned', folderId: 'f1' }, 'prod')).toBe(
    'Next step: npx clavus-moovago explain f1 --stage prod',
  );
});
