import { expect, it, vi } from 'vitest';
import { createFunctionOutput, type LogEntry } from '../../cli/function-output.ts';
import { createTelemetry } from '../../lib/framework/lambda-telemetry.ts';

/** What the real telemetry of a function prints. */
function printed(work: (telemetry: ReturnType<typeof createTelemetry>) => void): string[] {
  let text = '';
  const keep = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(keep as typeof stream.write),
  );
  work(createTelemetry('test', 'writeMoovago'));
  for (const spy of spies) spy.mockRestore();
  return text.trim().split('\n');
}

it('counts add up over lines and repetitions, under the one dimension that is paid for', () => {
  const output = createFunctionOutput(() => {});
  const lines = printed(({ count, publish }) => {
    count('CompaniesCreated', 2);
    count('CompaniesCreated');
    count('MoovagoRequests');
    publish();
    count('CompaniesCreated', 4);
    publish();
  });
  for (const line of lines) output.take('writeMoovago', line);
  expect(output.total('CompaniesCreated')).toBe(7);
  expect(output.total('MoovagoRequests')).toBe(1);
  expect(output.total('CompaniesUpdated')).toBe(0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Namespace: 'ClavusMoovago', Dimensions: [['stage']] }] },
    stage: 'test',
  });
});

it('log lines come whole, with every detail', () => {
  const entries: LogEntry[] = [];
  const output = createFunctionOutput((entry) => entries.push(entry));
  const lines = printed(({ log }) =>
    log.error('configuration-refused', { where: 'MOOVAGO_API_KEY', reason: 'is refused' }),
  );
  for (const line of lines) output.take('writeMoovago', line);
  expect(entries).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      message: 'configuration-refused',
      where: 'MOOVAGO_API_KEY',
      reason: 'is refused',
      stage: 'test',
    }),
  ]);
});

it('what is neither is an error: nothing that a function prints is swallowed', () => {
  const entries: LogEntry[] = [];
  createFunctionOutput((entry) => entries.push(entry)).take('pollClavus', 'out of memory');
  expect(entries).toEqual([{ level: 'ERROR', message: 'out of memory', functionName: 'pollClavus' }]);
});
