import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Makes a process take itself for another Node. */
const disguised = (version: string) =>
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;

const started = (version: string, ...args: string[]) =>
  spawnSync(process.execPath, ['--import', disguised(version), ...args], { encoding: 'utf8' });

const refusal =
  'clavus-moovago needs Node.js 24 or newer, and this is 20.20.2: after npm ci, start it with npx or npm run; where that ' +
  'runs this version too, install Node.js 24 from https://nodejs.org.\n';

it('an older Node than the code needs is refused in one sentence', () => {
  const { status, stdout, stderr } = started('20.20.2', 'cli/start.js', '--version');
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: refusal });
});

it.each(['24.0.0', '26.10.0'])('Node %s is not', (version) => {
  const { status, stderr } = started(version, 'cli/start.js', '--version');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('every script that starts Node asks first', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
  const starting = Object.entries(scripts).filter(([, script]) => script.startsWith('node '));
  expect(
    starting.map(([name, script]) => `${name}: ${/(start|require-node)\.js/.exec(script)?.[1]}`),
  ).toEqual([
    'demo: start',
    'dev: start',
    'simulate: require-node',
    'bench: require-node',
    'checks: require-node',
  ]);
});
