/**
 * The shape that docs/architecture.md promises: who may import whom, what nobody may use, and what the bundles hold.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = resolve(ROOT, process.env['ACTION_DIST'] ?? 'dist');

interface Import {
  readonly from: string;
  /** A file of `src/`, or a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** The sources by their path below the root, with slashes everywhere. */
const sources = new Map(
  globSync('src/**/*.ts', { cwd: ROOT }).map((path) => {
    const name = path.replaceAll('\\', '/');
    return [name, readFileSync(resolve(ROOT, path), 'utf8')];
  }),
);
const imports = [...sources].flatMap(([from, text]) => importsOf(from, text));

function importsOf(from: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export) (type )?(?:[^;'"]*? from )?'([^']+)'/gm);
  const calls = text.matchAll(/(?<!typeof )\bimport\((?:\/\*.*?\*\/ *)?'([^']+)'\)/g);
  const found = [
    ...[...statements].map(([, type, to = '']) => ({ to, typeOnly: type !== undefined })),
    ...[...calls].map(([, to = '']) => ({ to, typeOnly: false })),
  ];
  return found.map(({ to, typeOnly }) => ({
    from,
    to: to.startsWith('.') ? posix.join(posix.dirname(from), to) : to,
    typeOnly,
  }));
}

/** The part of the action that a file belongs to: its folder in `src/`, or its own name. */
function partOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** Code without its comments; what a comment mentions is not used. */
function codeOf(path: string): string {
  return (sources.get(path) ?? '').replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** The files whose code a pattern is found in. */
function users(pattern: RegExp): string[] {
  return [...sources.keys()].filter((path) => pattern.test(codeOf(path)));
}

const DATA = ['model.ts', 'config.ts', 'values.ts', 'problem.ts'];
const SHARED = [...DATA, 'secret.ts', 'clock.ts', 'regions.ts', 'proxies.ts', 'version.ts'];

/** What each part may import besides itself. Nothing else is a part: a new one has to be given its place here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'model.ts': [],
  'values.ts': ['model.ts'],
  'secret.ts': [],
  'clock.ts': [],
  'pool.ts': [],
  'deadline.ts': [],
  'regions.ts': ['values.ts'],
  'proxies.ts': [],
  'version.ts': [],
  'config.ts': ['model.ts', 'secret.ts'],
  'problem.ts': ['model.ts'],
  decide: DATA,
  report: [...DATA, 'secret.ts', 'version.ts'],
  cloud: SHARED,
  inputs: [...SHARED, 'decide'],
  members: [...SHARED, 'pool.ts', 'cloud', 'decide'],
  github: [...SHARED, 'cloud', 'report'],
  run: [...SHARED, 'pool.ts', 'deadline.ts', 'cloud', 'decide', 'members', 'report', 'github'],
  'action.ts': [...SHARED, 'inputs', 'run', 'report', 'github'],
  'main.ts': ['action.ts', 'github'],
};

describe('imports', () => {
  const own = imports.filter(({ to }) => to.startsWith('src/'));
  const foreign = imports.filter(({ to }) => !to.startsWith('src/') && !to.startsWith('node:'));

  it('are found', () => {
    expect(own.length).toBeGreaterThan(200);
    const text = `import { a } from './a.ts';\nimport type {\n  b,\n} from '../b.ts';\nimport 'c';\nawait import(/* d */ './d.ts')`;
    expect(importsOf('src/x/y.ts', text)).toEqual([
      { from: 'src/x/y.ts', to: 'src/x/a.ts', typeOnly: false },
      { from: 'src/x/y.ts', to: 'src/b.ts', typeOnly: true },
      { from: 'src/x/y.ts', to: 'c', typeOnly: false },
      { from: 'src/x/y.ts', to: 'src/x/d.ts', typeOnly: false },
    ]);
  });

  it('run one way', () => {
    const wrong = own.filter(({ from, to }) => {
      const allowed = MAY_IMPORT[partOf(from)] ?? [];
      return partOf(from) !== partOf(to) && !allowed.includes(partOf(to));
    });
    expect(wrong).toEqual([]);
  });

  it('name files that exist, and every part has its place', () => {
    expect(own.filter(({ to }) => !sources.has(to))).toEqual([]);
    expect(new Set([...sources.keys()].map(partOf))).toEqual(new Set(Object.keys(MAY_IMPORT)));
  });

  it('lead to files of one name each, and to exports of one name each', () => {
    const names = [...sources.keys()].map((path) => posix.basename(path)).filter((name) => name !== 'index.ts');
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const exported = [...sources.values()].flatMap((text) =>
      [...text.matchAll(/^export (?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(exported.filter((name, at) => exported.indexOf(name) !== at)).toEqual([]);
  });

  it('have no circles', () => {
    const targets = Map.groupBy(own, ({ from }) => from);
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      if (trail.includes(path) || done.has(path)) return;
      for (const { to } of targets.get(path) ?? []) walk(to, [...trail, path]);
      done.add(path);
    };
    for (const path of sources.keys()) walk(path, []);
    expect(circles).toEqual([]);
  });

  it('bring packages to the two folders that are there for them', () => {
    expect(foreign.map(({ from, to }) => `${partOf(from)} ${to.replace('node_modules/', '')}`).toSorted()).toEqual([
      'github @actions/core/lib/command.js',
      'github @actions/github',
      'github undici',
    ]);
  });

  it.each([
    ['the commit status', 'src/main.ts', 'src/github/commit-status/'],
    ['the run itself', 'src/action.ts', 'src/run/'],
  ])('load %s on demand only', (_what, user, folder) => {
    const loads = own.filter(
      ({ from, to, typeOnly }) => to.startsWith(folder) && !from.startsWith(folder) && !typeOnly,
    );
    expect(loads).toEqual([{ from: user, to: `${folder}index.ts`, typeOnly: false }]);
    expect(sources.get(user)).toMatch(
      new RegExp(`await import\\([^)]*'\\./${folder.slice('src/'.length)}index\\.ts'\\)`),
    );
  });

  it('of heavy built-in modules are for types: they are loaded when first needed', () => {
    const heavy = /^node:(https?|http2|crypto|zlib|tls|net|dns|child_process|worker_threads|util)$/;
    expect(imports.filter(({ to, typeOnly }) => heavy.test(to) && !typeOnly)).toEqual([]);
  });
});

describe('sources', () => {
  it('read the environment at the entry and in the protocol of the runner only', () => {
    expect(users(/\bprocess\s*\.\s*env\b/)).toEqual(['src/main.ts', 'src/github/commands.ts']);
  });

  it('write to the standard output in one place', () => {
    expect(users(/\bconsole\.\w+\(|\bprocess\s*\.\s*std(out|err)\b/)).toEqual(['src/github/commands.ts']);
  });

  it('end the process in one place', () => {
    expect(users(/\bprocess\s*\.\s*(exit|exitCode|kill|abort)\b/)).toEqual(['src/main.ts']);
  });

  it('use none of the globals that are slow to start', () => {
    // `request.fetch` and the like are other people's methods, and the bundle that is seldom loaded brings a `fetch` of its own.
    const slow =
      /(?<![.\w])fetch\s*\(|\bglobalThis\s*\.\s*fetch|\bIntl\s*\.|\.toLocale\w*\(|\bnew (Headers|Request|Response)\b/;
    expect(users(slow)).toEqual(['src/github/commit-status/index.ts']);
  });

  it('have no literal with Unicode properties, for which Node loads its tables as soon as it reads the file', () => {
    expect(users(/(?<!\\)\\[pP]\{/)).toEqual([]);
  });

  it('get time and random numbers from the clock', () => {
    const direct = /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|\bperformance\.now\(\)/;
    expect(users(direct)).toEqual(['src/clock.ts']);
  });

  it('decide without timers, requests or state', () => {
    const impure = /\basync\b|\bawait\b|\bPromise\b|\bprocess\b|\bset(Timeout|Interval)\b|^(export )?let /m;
    expect(users(impure).filter((path) => partOf(path) === 'decide')).toEqual([]);
  });

  it('fit on a few screens', () => {
    const long = [...sources].filter(([, text]) => text.split('\n').length > 251);
    expect(long.map(([path]) => path)).toEqual([]);
  });

  it('begin with what they are for', () => {
    const silent = [...sources].filter(([, text]) => !/^\/\*\*\n \* \S/.test(text));
    expect(silent.map(([path]) => path)).toEqual([]);
  });
});

describe('the bundles', () => {
  const bundle = (name: string) => readFileSync(resolve(DIST, name), 'utf8');
  // A class that every copy of undici declares once.
  const clients = (text: string) => text.split('class UndiciError extends Error').length - 1;

  it('are two, the first in two parts, with nothing beside them that could be loaded', () => {
    const files = (folder: string) => readdirSync(resolve(DIST, folder)).toSorted();
    expect(files('.')).toEqual(['github', 'index.js', 'licenses.txt', 'package.json', 'run.js', 'sbom.cdx.json']);
    expect(files('github')).toEqual(['commit-status']);
    expect(files('github/commit-status')).toEqual(['index.js', 'licenses.txt', 'package.json']);
    expect(existsSync(resolve(DIST, 'index.js'))).toBe(true);
  });

  it("hold one HTTP client of GitHub's, in the bundle that is seldom loaded", () => {
    const files = ['index.js', 'run.js', 'github/commit-status/index.js'];
    expect(files.map((name) => clients(bundle(name)))).toEqual([0, 0, 1]);
  });

  it('leave what only a run needs out of the part that is always loaded', () => {
    const parts = (name: string) =>
      new Set([...bundle(name).matchAll(/^;\/\/ CONCATENATED MODULE: \.\/build\/(\w+)/gm)].map(([, part]) => part));
    expect([...parts('index.js')]).toEqual(expect.arrayContaining(['inputs', 'report', 'github']));
    for (const part of ['members', 'run']) expect(parts('index.js')).not.toContain(part);
    for (const part of ['cloud', 'members', 'run']) expect(parts('run.js')).toContain(part);
  });

  it('need no module loader for the part that only a run needs', () => {
    const code = bundle('run.js').replace(/^ *(\/?\*|\/\/).*$/gm, '');
    expect(code).not.toMatch(/(?<![\w$.])(require|import)\(/);
  });

  it('load nothing when they start that they have not with them', () => {
    const main = bundle('index.js') + bundle('run.js');
    expect(main).not.toMatch(/@actions\/http-client|octokit/);
    const named = [...main.matchAll(/(?<![\w.])require\("([^"]+)"\)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !isBuiltin(name))).toEqual([]);
    // Each further one costs milliseconds in every run; see docs/performance.md.
    expect([...new Set(named.map((name) => name.replace('node:', '')))].toSorted()).toEqual(['fs', 'os', 'path']);
  });
});
