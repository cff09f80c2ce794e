import { expect, it } from 'vitest';
import { configFile, requireHours } from './command-line.ts';

const company = { name: 'nom' };

it('No test may run a command that does one thing at noon and another at night', async () => {
  const silent = await configFile({ company });
  for (const command of ['sync', 'retry', 'removals', 'plan'])
    expect(() => requireHours([command, '--config', silent], '/')).toThrow(
      `${command} hangs on the hour: name pace.businessHours in ${silent}, or --ignore-business-hours`,
    );
});

it('Hours that are named, or ignored, are the same whenever it runs', async () => {
  const silent = await configFile({ company });
  const named = await configFile({ company, pace: { businessHours: false } });
  for (const args of [
    ['sync', '--config', named],
    ['sync', '--ignore-business-hours', '--config', silent],
    ['status', '--config', silent],
  ])
    expect(() => requireHours(args, '/')).not.toThrow();
});
