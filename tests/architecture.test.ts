import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** What each package may import of the others: the table of ARCHITECTURE.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  wire: ['model'],
  families: ['model', 'wire'],
  diagnosis: ['model'],
  api: ['model'],
  client: ['model', 'wire', 'families'],
  simulator: ['model', 'wire', 'families'],
  fleet: ['model', 'api', 'client', 'diagnosis'],
  cli: ['model', 'wire', 'families', 'diagnosis', 'api', 'client', 'simulator', 'fleet'],
  dashboard: ['model', 'api'],
};
const WITHOUT_NODE = ['model', 'wire', 'families', 'diagnosis', 'api'];
/** The device's end of a conversation: what only simulators may load. */
const DEVICE_END = ['@headframe/families/sim', '@headframe/wire/cgminer-server'];
const MOST_LINES = 400;
/** Tables of facts and what is generated, which may be as long as they are. */
const DATA = /^packages\/(model\/src\/hardware|families\/src\/braiins\/contract\/generated)\//;
/** Packages with an install script that may be there. None is run: `.npmrc` says ignore-scripts. */
const INSTALL_SCRIPTS: readonly string[] = ['node_modules/cpu-features', 'node_modules/ssh2'];

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const files = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const manifest = (path: string): Manifest => JSON.parse(text(path));
const packages = new Map(files('packages/*/package.json').map((path) => [path.split('/')[1] ?? '', manifest(path)]));

interface Import {
  readonly file: string;
  /** The package's folder name. */
  readonly from: string;
  /** What is between `import` and `from`. */
  readonly clause: string;
  readonly to: string;
  readonly isTest: boolean;
}

const STATEMENT = /^[ \t]*(?:import|export)\s+(?:([^'"`;]*?)\bfrom\s*)?['"]([^'"]+)['"]/gm;
const CALL = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf(file: string): Import[] {
  const source = text(file);
  const from = file.split('/')[1] ?? '';
  const isTest = /\.(test|testing)\.tsx?$/.test(file);
  const found = [...source.matchAll(STATEMENT)].map(([, clause = '', to = '']) => ({ file, from, clause, to, isTest }));
  const called = [...source.matchAll(CALL)].map(([, to = '']) => ({ file, from, clause: '', to, isTest }));
  return [...found, ...called];
}

const imports = files('packages/*/src/**/*.{ts,tsx}').flatMap(importsOf);
const product = imports.filter((one) => !one.isTest);

/** The file in the repository that a relative import goes to. */
const target = ({ file, to }: Import) => (to.startsWith('.') ? join(dirname(file), to) : null);
const said = (found: readonly Import[]) => found.map(({ file, to }) => `${file} -> ${to}`);

const isSimulator = (path: string) =>
  /^packages\/(simulator\/|families\/src\/sim\/|families\/src\/[^/]+\/sim[^/]*\.ts$|wire\/src\/cgminer-server\/)/.test(
    path,
  );

test('the imports are found at all', () => {
  expect(packages.size).toBeGreaterThan(5);
  expect(said(imports)).toContain('packages/families/src/index.ts -> ./registry.ts');
});

describe('the packages', () => {
  test.each([...packages])('%s declares only what it may import', (name, { dependencies = {} }) => {
    const declared = Object.keys(dependencies).filter((key) => key.startsWith('@headframe/'));
    const allowed = (MAY_IMPORT[name] ?? []).map((key) => `@headframe/${key}`);
    expect(declared.filter((key) => !allowed.includes(key))).toEqual([]);
  });

  test('import each other only as declared, through their exports', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [, name = '', rest = ''] = /^@headframe\/([^/]+)(\/.*)?$/.exec(to) ?? [];
      if (!name) return false;
      const isDeclared = packages.get(from)?.dependencies?.[`@headframe/${name}`] !== undefined;
      return !isDeclared || packages.get(name)?.exports?.[`.${rest}`] === undefined;
    });
    expect(said(wrong)).toEqual([]);
  });

  test('reach no file of each other around the exports', () => {
    const own = ({ from, isTest }: Import) => (isTest ? [`packages/${from}/`, 'tests/'] : [`packages/${from}/`]);
    const wrong = imports.filter((one) => own(one).every((start) => target(one)?.startsWith(start) === false));
    expect(said(wrong)).toEqual([]);
  });

  test.each([...packages])('%s exports files that are there', (name, { exports = {} }) => {
    const sources = Object.values(exports).map((conditions) =>
      join('packages', name, conditions['@headframe/source'] ?? '?'),
    );
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('that must run anywhere import nothing of Node', () => {
    expect(said(product.filter(({ from, to }) => WITHOUT_NODE.includes(from) && isBuiltin(to)))).toEqual([]);
  });
});

describe('the families', () => {
  const familyOf = (path: string | null) => /^packages\/families\/src\/(?!sim\/)([^/]+)\//.exec(path ?? '')?.[1];
  const isOther = (one: Import) => {
    const to = familyOf(target(one));
    // The registry of the simulated side names every family, as `registry.ts` does for the other one.
    if (one.file === 'packages/families/src/sim/index.ts') return false;
    return familyOf(one.file) !== undefined && to !== undefined && to !== familyOf(one.file);
  };

  test('never import each other: what two share is in wire, or in sim for their simulators', () => {
    expect(said(product.filter(isOther))).toEqual([]);
  });

  test('and their simulated devices know neither map nor snapshot', () => {
    const wrong = product.filter(
      (one) =>
        isSimulator(one.file) &&
        !one.file.startsWith('packages/simulator/') &&
        (/(^|\/)(map|snapshot-of|sources)\.ts$/.test(one.to) ||
          /\b(Snapshot|FamilySnapshot|snapshotOf)\b/.test(one.clause)),
    );
    expect(said(wrong)).toEqual([]);
  });

  test('and all else loads no simulated device', () => {
    const wrong = product.filter((one) => {
      const path = target(one);
      return !isSimulator(one.file) && (DEVICE_END.includes(one.to) || (path !== null && isSimulator(path)));
    });
    expect(said(wrong)).toEqual([]);
  });
});

describe('the dependencies', () => {
  const lock = JSON.parse(text('package-lock.json')).packages as Record<
    string,
    Manifest & { hasInstallScript?: boolean }
  >;

  test('are pinned to one exact version', () => {
    const loose = ['package.json', 'tools/node/package.json', ...files('packages/*/package.json')].flatMap((path) => {
      const { dependencies, devDependencies, optionalDependencies } = manifest(path);
      const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
      return all
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name]) => `${path}: ${name}`);
    });
    expect(loose).toEqual([]);
  });

  test('need no install script', () => {
    const scripted = Object.keys(lock).filter((path) => lock[path]?.hasInstallScript);
    expect(scripted.filter((path) => !INSTALL_SCRIPTS.includes(path))).toEqual([]);
  });

  test('are locked with their builds for every platform, not only for the one that wrote the lockfile', () => {
    const absent = Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !lock[`node_modules/${name}`] && !lock[`${path}/node_modules/${name}`],
      ),
    );
    expect(absent).toEqual([]);
  });
});

test(`no source file is longer than ${MOST_LINES} lines, but tables of facts`, () => {
  const all = [...files('packages/*/src/**/*.{ts,tsx}'), ...files('{scripts,bench}/**/*.{ts,mjs}')];
  const counted = all.filter((path) => !DATA.test(path) && !/\.test\.tsx?$/.test(path));
  expect(counted.filter((path) => text(path).split('\n').length - 1 > MOST_LINES)).toEqual([]);
});

test('the registry holds every family that has a folder', () => {
  const folders = files('packages/families/src/*/index.ts')
    .map((path) => path.split('/')[3] ?? '')
    .filter((name) => name !== 'sim' && !name.startsWith('_'));
  const registry = text('packages/families/src/registry.ts');
  expect([...registry.matchAll(/from '\.\/(\w+)\/index\.ts'/g)].map(([, name]) => name).sort()).toEqual(folders.sort());
});
