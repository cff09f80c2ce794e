import type { Finding } from '../../lib/check/finding.ts';
import { checkSystemsJob } from '../../lib/jobs/check-job.ts';
import { parseSyncConfig, type SyncConfig } from '../../lib/mapping/sync-config.ts';
import type { Systems } from '../systems.ts';
import type { UnusedDate } from './config-text.ts';
import type { ProposedMapping } from './propose-mapping.ts';

type CheckedProposal = {
  proposal: ProposedMapping;
  config: SyncConfig;
  /** Columns of dates that Clavus cannot be asked by, which the proposal does without. */
  unused: UnusedDate[];
  findings: Finding[];
};

/** Checks a proposal as `check` does, and takes out of it the columns of dates that cannot be used. */
export async function checkProposal(proposal: ProposedMapping, systems: Systems): Promise<CheckedProposal> {
  const findings = await checkSystemsJob(configOf(proposal), systems);
  const unused = (['modifiedColumn', 'createdColumn'] as const).flatMap((key) => {
    const reference = proposal[key];
    const found = findings.find(({ severity, where }) => severity === 'error' && where === `clavus.${key}`);
    return reference === undefined || found === undefined ? [] : [{ key, reason: found.message }];
  });
  const left = { ...proposal };
  for (const { key } of unused) delete left[key];
  const isLeft = ({ where }: Finding) => !unused.some(({ key }) => where === `clavus.${key}`);
  return { proposal: left, config: configOf(left), unused, findings: findings.filter(isLeft) };
}

function configOf({ company, modifiedColumn, createdColumn }: ProposedMapping): SyncConfig {
  const clavus = {
    ...(modifiedColumn ? { modifiedColumn } : {}),
    ...(createdColumn ? { createdColumn } : {}),
  };
  return parseSyncConfig({ clavus, company }, 'sync.config.ts');
}
