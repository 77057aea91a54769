import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleSyntax, type Import, type ModuleSyntax } from '../scripts/imports.ts';

/**
 * Who may import whom. A room is a set of paths; the longest path that fits decides. It may import itself, `values` (code),
 * `types` (erased when compiled) and `packages`; `files` are single files of other rooms that are data, not machinery.
 */
interface Area {
  readonly at: readonly string[];
  readonly values?: readonly AreaName[];
  readonly types?: readonly AreaName[];
  /** 'any' where nobody else has to carry them. */
  readonly packages?: readonly string[] | 'any';
  readonly files?: readonly string[];
  /** What to do instead. */
  readonly hint: string;
}

type AreaName =
  | 'random'
  | 'images'
  | 'gmm'
  | 'ops'
  | 'paper'
  | 'architectures'
  | 'rain'
  | 'patch'
  | 'data'
  | 'training'
  | 'weights'
  | 'inference'
  | 'metrics'
  | 'backend'
  | 'imageFiles'
  | 'browser'
  | 'backendHost'
  | 'protocol'
  | 'workers'
  | 'workerTests'
  | 'app'
  | 'cli'
  | 'scripts'
  | 'config'
  | 'e2e'
  | 'tools';

const CORE: readonly AreaName[] = [
  'random',
  'images',
  'gmm',
  'ops',
  'paper',
  'architectures',
  'rain',
  'patch',
  'data',
  'training',
  'weights',
  'inference',
  'metrics',
  'backend',
];
const TFJS = '@tensorflow/tfjs';

const AREAS: Readonly<Record<AreaName, Area>> = {
  random: { at: ['src/core/random.ts'], hint: 'Random numbers stand on nothing.' },
  images: {
    at: ['src/core/images'],
    packages: [TFJS],
    hint: 'Images know nothing of the method; take the number or array you need as an argument.',
  },
  gmm: {
    at: ['src/core/gmm'],
    values: ['random'],
    hint: 'The mixture and its optimization work on planes of numbers; tensors and files belong to who calls them.',
  },
  ops: {
    at: ['src/core/ops'],
    packages: [TFJS, '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu'],
    hint: 'Kernels see tensors and attributes only; what they need from outside comes in as an attribute.',
  },
  paper: {
    at: ['src/core/paper'],
    values: ['ops', 'random'],
    packages: [TFJS],
    hint: 'The method imports one op, random numbers and tfjs. Hand images in as tensors, and report through what the step returns.',
  },
  architectures: {
    at: ['src/core/architectures'],
    values: ['gmm', 'ops', 'random'],
    types: ['paper'],
    packages: [TFJS],
    hint: 'A network knows its layers and nothing of losses, files or photos: whoever trains or derains calls it through the registry.',
  },
  rain: {
    at: ['src/core/rain'],
    values: ['images', 'random'],
    hint: 'Rain is drawn on pixels; it knows neither tensors of the method nor where images come from.',
  },
  patch: {
    at: ['src/core/patch'],
    values: ['images', 'rain', 'random'],
    types: ['paper'],
    files: ['src/core/paper/directionKernels.ts'],
    hint: 'One small patch in plain numbers, for the page: tensors and training belong to paper, and a test there keeps both equal.',
  },
  data: {
    at: ['src/core/data'],
    values: ['images', 'rain', 'random'],
    types: ['paper'],
    packages: [TFJS],
    hint: 'The sampler hands batches to the method and calls nothing of it; images come through the imageSource port.',
  },
  metrics: {
    at: ['src/core/metrics'],
    values: ['images'],
    hint: 'A metric is a function of two images; give it pixels or luma.',
  },
  weights: {
    at: ['src/core/weights'],
    values: ['architectures'],
    packages: [TFJS],
    hint: 'A model file knows shapes and bytes; whoever trains or derains calls it, not the reverse.',
  },
  training: {
    at: ['src/core/training'],
    values: ['paper', 'architectures', 'data', 'images', 'weights', 'metrics', 'rain', 'random'],
    packages: [TFJS],
    hint: 'Training yields facts and takes ports. Put browser or Node code behind a port, and display code into whoever reads the events.',
  },
  inference: {
    at: ['src/core/inference'],
    values: ['paper', 'architectures', 'gmm', 'images', 'weights'],
    packages: [TFJS],
    hint: 'Deraining yields tiles; decoding, encoding and showing belong to the browser room or the command line.',
  },
  backend: {
    at: ['src/core/backend'],
    values: ['ops'],
    packages: [TFJS],
    hint: 'What computes is chosen here for every host; what a host gives for it comes in through BackendHost.',
  },
  imageFiles: {
    at: [
      'src/browser/header',
      'src/browser/metadata',
      'src/browser/imageHeader.ts',
      'src/browser/imageFileError.ts',
      'src/browser/heic/decodeHeic.ts',
      'src/browser/heic/libheif.ts',
      'src/browser/deepPng.ts',
      'src/browser/pngColor.ts',
      'src/browser/pngFilter.ts',
      'src/browser/pngWriter.ts',
      'src/browser/crc32.ts',
      'src/browser/library/fileNames.ts',
      'src/browser/library/layout.ts',
    ],
    values: ['images'],
    types: [...CORE, 'protocol'],
    packages: ['fflate'],
    hint: 'What image files and their names say, as bytes: page and command line share it, so it knows neither DOM nor Node.',
  },
  browser: {
    at: ['src/browser'],
    values: ['images', 'weights', 'imageFiles'],
    types: [...CORE, 'protocol'],
    packages: ['idb-keyval', 'fflate', 'libheif-js'],
    files: ['src/core/training/migrate.ts'],
    hint: 'Adapters are valid in tab and worker, so they carry no tfjs: ops and tfjs only in browser/backendHost, screens only in app.',
  },
  backendHost: {
    at: ['src/browser/backendHost'],
    values: ['browser', 'backend', 'ops'],
    packages: [TFJS, '@tensorflow/tfjs-backend-wasm'],
    hint: 'This is what a browser plugs into core/backend: files, threads and facts of the machine.',
  },
  protocol: {
    at: ['src/protocol'],
    types: CORE,
    hint: 'The protocol is types only: use `import type`, and put code into a worker or the page.',
  },
  workers: {
    at: ['workers'],
    values: [...CORE, 'imageFiles', 'browser', 'backendHost'],
    types: ['protocol'],
    packages: ['comlink', 'onnxruntime-web', TFJS],
    hint: 'A worker joins core and browser adapters; anything to look at is the page’s, told by an event.',
  },
  workerTests: {
    at: ['workers/testing'],
    values: [...CORE, 'imageFiles', 'browser', 'workers', 'cli'],
    types: ['protocol'],
    packages: ['node:', 'comlink', 'onnxruntime-web', 'sharp', TFJS],
    hint: 'Hosts for the workers’ tests in Node stand on the workers; nothing stands on them.',
  },
  app: {
    at: ['src/app', 'src/main.tsx'],
    values: ['imageFiles', 'browser', 'images', 'rain', 'patch', 'random'],
    types: ['protocol', 'backend', 'training', 'paper', 'data', 'weights', 'metrics', 'inference'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      'comlink',
      'uplot',
      'react-compare-slider',
      '@tanstack/react-virtual',
      'fflate',
      'virtual:pwa-register',
    ],
    files: [
      'src/core/architectures/architectureList.ts',
      'src/core/backend/description.ts',
      'src/core/backend/limits.ts',
      'src/core/inference/protection.ts',
      'src/core/ops/webgpu/softwareAdapter.ts',
      'src/core/training/config.ts',
      'src/core/training/dataSettings.ts',
      'src/core/training/pace.ts',
      'src/core/training/settingsSchema.ts',
      'src/core/training/settingValues.ts',
      'src/core/training/settingsLink.ts',
      'src/core/training/experiment.ts',
      'src/core/training/plannedChanges.ts',
      'src/core/training/readyExperiments.ts',
      'src/core/training/experimentResults.ts',
      'src/core/metrics/meanScore.ts',
      'src/core/metrics/tableText.ts',
      'src/core/paper/notation.ts',
      'src/core/paper/lossTerms.ts',
      'src/core/paper/hyperparameters.ts',
      'src/core/paper/directionKernels.ts',
    ],
    hint: 'The page talks to workers through src/protocol (types) and shows their events; computing belongs in a worker.',
  },
  cli: {
    at: ['cli'],
    values: [...CORE, 'imageFiles'],
    packages: [
      'node:',
      'sharp',
      'webgpu',
      'onnxruntime-web',
      'libheif-js',
      'tsx',
      TFJS,
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgpu',
    ],
    hint: 'The command line is Node around the core; browser adapters have a Node counterpart in cli/.',
  },
  scripts: {
    at: ['scripts'],
    types: ['browser'],
    packages: ['node:', 'vite', 'vite-plugin-pwa', 'playwright', 'tsx', 'webgpu'],
    hint: 'What starts, serves, builds and tests the app knows the sources as files only; what nobody needs for that is a tool.',
  },
  config: {
    at: ['vite.config.ts', 'vitest.config.ts', 'playwright.config.ts'],
    values: ['scripts'],
    types: ['e2e'],
    packages: ['node:', 'vite', 'vitest', '@vitejs/plugin-react', '@vitest/browser-playwright', '@playwright/test'],
    hint: 'A configuration only puts together; give its logic a file in scripts/ with a test.',
  },
  e2e: {
    at: ['e2e'],
    values: [...CORE, 'scripts'],
    packages: ['node:', '@playwright/test', '@axe-core/playwright', 'sharp', 'fflate'],
    hint: 'A journey sees the built app as a person does; the core is there to write the files it brings. Look for what is on the screen, or in a file that was downloaded.',
  },
  tools: {
    at: ['tools'],
    values: [...CORE, 'imageFiles', 'browser', 'backendHost', 'cli', 'scripts', 'e2e'],
    packages: 'any',
    hint: 'A tool may use everything but the page, and nothing may use a tool.',
  },
};

/**
 * The floors inside the app: what each may import of the others, always from a lower one. A view knows no other view; what two of
 * them need lies in a floor below both.
 */
const APP_FLOORS: readonly { readonly at: string; readonly below: readonly string[] }[] = [
  { at: 'src/app/ui', below: [] },
  { at: 'src/app/routing', below: [] },
  { at: 'src/app/samples', below: ['src/app/ui'] },
  { at: 'src/app/workers', below: [] },
  { at: 'src/app/models', below: ['src/app/ui', 'src/app/workers'] },
  { at: 'src/app/zoom', below: ['src/app/ui'] },
  { at: 'src/app/present', below: ['src/app/ui', 'src/app/zoom'] },
  { at: 'src/app/stage', below: ['src/app/ui', 'src/app/zoom'] },
  { at: 'src/app/protect', below: ['src/app/ui', 'src/app/zoom', 'src/app/stage'] },
  { at: 'src/app/export', below: ['src/app/ui'] },
  { at: 'src/app/direction', below: ['src/app/ui'] },
  { at: 'src/app/device', below: ['src/app/ui'] },
  {
    at: 'src/app/adapt',
    below: ['src/app/ui', 'src/app/samples', 'src/app/models', 'src/app/workers', 'src/app/stage', 'src/app/device'],
  },
  {
    at: 'src/app/library',
    below: ['src/app/ui', 'src/app/routing', 'src/app/samples', 'src/app/workers', 'src/app/device'],
  },
  {
    at: 'src/app/derain/queue',
    below: ['src/app/workers', 'src/app/stage', 'src/app/protect', 'src/app/export'],
  },
  {
    at: 'src/app/derain/session',
    below: [
      'src/app/ui',
      'src/app/routing',
      'src/app/models',
      'src/app/workers',
      'src/app/stage',
      'src/app/export',
      'src/app/device',
      'src/app/adapt',
      'src/app/derain/queue',
    ],
  },
  {
    at: 'src/app/derain/panels',
    below: [
      'src/app/ui',
      'src/app/routing',
      'src/app/models',
      'src/app/export',
      'src/app/device',
      'src/app/adapt',
      'src/app/derain/queue',
      'src/app/derain/session',
    ],
  },
  {
    at: 'src/app/derain',
    below: [
      'src/app/ui',
      'src/app/samples',
      'src/app/models',
      'src/app/stage',
      'src/app/protect',
      'src/app/export',
      'src/app/present',
      'src/app/derain/queue',
      'src/app/derain/session',
      'src/app/derain/panels',
    ],
  },
  {
    at: 'src/app/train/run',
    below: ['src/app/ui', 'src/app/routing', 'src/app/models', 'src/app/workers', 'src/app/device', 'src/app/library'],
  },
  { at: 'src/app/train/charts', below: ['src/app/ui', 'src/app/train/run'] },
  {
    at: 'src/app/lab/patch',
    below: ['src/app/ui', 'src/app/routing', 'src/app/samples', 'src/app/direction', 'src/app/train/run'],
  },
  {
    at: 'src/app/lab/run',
    below: ['src/app/ui', 'src/app/routing', 'src/app/device', 'src/app/train/run'],
  },
  {
    at: 'src/app/lab/runs',
    below: ['src/app/ui', 'src/app/routing', 'src/app/train/run', 'src/app/train/charts', 'src/app/lab/run'],
  },
  {
    at: 'src/app/lab/experiments',
    below: [
      'src/app/ui',
      'src/app/routing',
      'src/app/device',
      'src/app/library',
      'src/app/train/run',
      'src/app/lab/run',
      'src/app/lab/runs',
    ],
  },
  {
    at: 'src/app/lab',
    below: ['src/app/ui', 'src/app/routing', 'src/app/lab/patch', 'src/app/lab/runs', 'src/app/lab/experiments'],
  },
  { at: 'src/app/compare/run', below: ['src/app/zoom'] },
  { at: 'src/app/compare/layers', below: ['src/app/zoom'] },
  { at: 'src/app/compare/export', below: ['src/app/zoom'] },
  {
    at: 'src/app/compare/session',
    below: [
      'src/app/ui',
      'src/app/routing',
      'src/app/models',
      'src/app/samples',
      'src/app/workers',
      'src/app/device',
      'src/app/zoom',
      'src/app/compare/run',
      'src/app/compare/layers',
    ],
  },
  {
    at: 'src/app/compare/table',
    below: ['src/app/ui', 'src/app/zoom', 'src/app/compare/run', 'src/app/compare/session'],
  },
  {
    at: 'src/app/compare/grid',
    below: [
      'src/app/ui',
      'src/app/zoom',
      'src/app/present',
      'src/app/compare/run',
      'src/app/compare/layers',
      'src/app/compare/session',
      'src/app/compare/table',
    ],
  },
  {
    at: 'src/app/compare/panels',
    below: [
      'src/app/ui',
      'src/app/routing',
      'src/app/models',
      'src/app/zoom',
      'src/app/compare/run',
      'src/app/compare/layers',
      'src/app/compare/export',
      'src/app/compare/session',
      'src/app/compare/grid',
    ],
  },
  {
    at: 'src/app/compare',
    below: [
      'src/app/ui',
      'src/app/samples',
      'src/app/models',
      'src/app/compare/run',
      'src/app/compare/session',
      'src/app/compare/table',
      'src/app/compare/grid',
      'src/app/compare/panels',
    ],
  },
  {
    at: 'src/app/train/previews',
    below: ['src/app/ui', 'src/app/zoom', 'src/app/present', 'src/app/train/run'],
  },
  {
    at: 'src/app/train/direction',
    below: ['src/app/ui', 'src/app/routing', 'src/app/direction', 'src/app/train/run'],
  },
  {
    at: 'src/app/train/settings',
    below: ['src/app/ui', 'src/app/routing', 'src/app/models', 'src/app/train/run'],
  },
  {
    at: 'src/app/train',
    below: [
      'src/app/ui',
      'src/app/train/run',
      'src/app/train/charts',
      'src/app/train/previews',
      'src/app/train/direction',
      'src/app/train/settings',
    ],
  },
  {
    at: 'src/app/shell',
    below: [
      'src/app/ui',
      'src/app/routing',
      'src/app/device',
      'src/app/derain/session',
      'src/app/derain',
      'src/app/compare',
      'src/app/train/run',
      'src/app/lab/run',
      'src/app/train',
      'src/app/lab',
      'src/app/library',
    ],
  },
];

const ROOT = resolve(import.meta.dirname, '..');
const FOLDERS = ['src', 'workers', 'cli', 'scripts', 'e2e', 'tools'];
const SOURCE = /\.(tsx?|mjs)$/;
const DRAWERS = /(^|\/)(utils?|helpers?|lib|shared|hooks|types|common|misc)(\/|\.tsx?$)/;
const FREE = /\.(test|bench|spec)\.tsx?$|\.d\.m?ts$|^src\/core\/ops\/wasm\/assembly\//;

interface Source extends ModuleSyntax {
  readonly path: string;
  readonly imports: readonly (Import & { readonly target: string | null })[];
}

const sources = readSources();
const byPath = new Map(sources.map((source) => [source.path, source]));

describe('the house', () => {
  it('has a room for every source', () => {
    const homeless = sources.filter(({ path }) => areaOf(path) === null);
    expect(
      homeless.map(
        ({ path }) =>
          `${path} lies in no room: move it to one of ${Object.values(AREAS)
            .flatMap(({ at }) => at)
            .join(', ')}.`,
      ),
    ).toEqual([]);
  });

  it('lets every room import only what its row allows', () => {
    expect(sources.flatMap(forbiddenImports)).toEqual([]);
  });

  it('lets no arrow run up inside the app', () => {
    const found = sources.flatMap(({ path, imports }) => {
      const floor = floorOf(path);
      if (!floor) return [];
      return imports.flatMap(({ target, line, kind }) => {
        const other = target && kind !== 'worker' ? floorOf(target) : undefined;
        if (!other || other === floor || floor.below.includes(other.at)) return [];
        return [
          `${path}:${line} imports ${target}: "${floor.at}" stands on ${floor.below.join(', ') || 'nothing of the app'}. Hand it in from above, or move it to a floor below both.`,
        ];
      });
    });
    expect(found).toEqual([]);
  });

  it('has a floor for every source of the app', () => {
    const homeless = sources.filter(({ path }) => path.startsWith('src/app/') && !floorOf(path));
    expect(homeless.map(({ path }) => `${path} stands on no floor: add it to APP_FLOORS.`)).toEqual([]);
  });

  it('keeps tfjs out of the page, through any number of files', () => {
    const entry = sources.filter(({ path }) => areaOf(path) === 'app').map(({ path }) => path);
    const chain = chainTo(entry, (from) => from.startsWith('@tensorflow/'));
    expect(
      chain &&
        `${chain.join(' → ')}: the page would load 900 kB of tfjs. Import the type only, or move the number into a file without tfjs.`,
    ).toBeNull();
  });

  it('has no circles', () => {
    expect(
      circles().map(
        (circle) => `${circle.join(' → ')}: move what both need into a file of its own that imports neither.`,
      ),
    ).toEqual([]);
  });

  it('exports by name', () => {
    const found = sources.filter(({ path, exportsDefault }) => exportsDefault && areaOf(path) !== 'config');
    expect(
      found.map(
        ({ path }) => `${path} has a default export: export it by its name, so that it is called the same everywhere.`,
      ),
    ).toEqual([]);
  });

  it('has no barrels', () => {
    const found = sources.filter(({ path, isBarrel }) => /(^|\/)index\.tsx?$/.test(path) || isBarrel);
    expect(
      found.map(
        ({ path }) => `${path} hands on what other files export: import from the file that answers the question.`,
      ),
    ).toEqual([]);
  });

  it('has no drawers', () => {
    const found = sources.filter(({ path }) => DRAWERS.test(path));
    expect(
      found.map(({ path }) => `${path} lies in a drawer: name the folder or file after the concept it holds.`),
    ).toEqual([]);
  });

  it('keeps doubles out of everything but tests', () => {
    const found = sources.flatMap(({ path, imports }) =>
      path.includes('/testing/') || areaOf(path) === 'e2e'
        ? []
        : imports
            .filter(({ target }) => target?.includes('/testing/'))
            .map(({ target, line }) => `${path}:${line} imports ${target}: what ships takes the real thing.`),
    );
    expect(found).toEqual([]);
  });

  it('styles by classes that the style sheet has', () => {
    const found = sources.flatMap(({ path, code, imports }) =>
      imports
        .filter(({ from }) => from.endsWith('.module.css'))
        .flatMap(({ from }) => {
          const name = new RegExp(`import (\\w+) from '${from.replaceAll('.', '\\.')}'`).exec(code)?.[1];
          const css = readFileSync(resolve(ROOT, dirname(path), from), 'utf8');
          const known = new Set([...css.matchAll(/\.([A-Za-z][\w-]*)/g)].map(([, one]) => one));
          const used = [...code.matchAll(new RegExp(`(?<![./])\\b${name}\\.(\\w+)`, 'g'))].map(([, one]) => one!);
          return used
            .filter((one) => !known.has(one))
            .map((one) => `${path} uses .${one}, which ${from} has not: define it, or take the one that is meant.`);
        }),
    );
    expect(found).toEqual([]);
  });

  it('draws random numbers from a seed only', () => {
    const found = sources.filter(({ code }) => /\bMath\.random\b/.test(code));
    expect(
      found.map(({ path }) => `${path} calls Math.random: take a generator of src/core/random.ts as an argument.`),
    ).toEqual([]);
  });
});

describe('the table itself', () => {
  it('has no circles between rooms', () => {
    const names = Object.keys(AREAS) as AreaName[];
    const reaches = (from: AreaName, seen: Set<AreaName>): Set<AreaName> => {
      for (const next of AREAS[from].values ?? []) if (!seen.has(next)) reaches(next, seen.add(next));
      return seen;
    };
    expect(names.filter((name) => reaches(name, new Set()).has(name))).toEqual([]);
  });

  it('lists the floors of the app from the ground up', () => {
    const upward = APP_FLOORS.filter(({ below }, index) =>
      below.some(
        (at) =>
          APP_FLOORS.findIndex((floor) => floor.at === at) >= index || !APP_FLOORS.some((floor) => floor.at === at),
      ),
    );
    expect(upward).toEqual([]);
  });

  it('names only files that exist', () => {
    expect((AREAS.app.files ?? []).filter((path) => !byPath.has(path))).toEqual([]);
  });

  it('sees enough of the sources to mean something', () => {
    for (const folder of FOLDERS)
      expect(sources.filter(({ path }) => path.startsWith(`${folder}/`)).length).toBeGreaterThan(5);
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap(({ imports }) => imports.filter(({ target }) => target)).length).toBeGreaterThan(1000);
  });
});

function readSources(): Source[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      posix.join(folder, name.replaceAll('\\', '/')),
    ),
  );
  return [...inFolders, ...readdirSync(ROOT)]
    .filter((path) => SOURCE.test(path) && !FREE.test(path))
    .sort()
    .map((path) => {
      const syntax = moduleSyntax(path, readFileSync(join(ROOT, path), 'utf8'));
      const imports = syntax.imports.map((entry) => ({ ...entry, target: targetOf(path, entry.from) }));
      return { ...syntax, path, imports };
    });
}

/** The path within the project that a relative import means; null for a package or a file that is not a source. */
function targetOf(path: string, from: string): string | null {
  if (!from.startsWith('.')) return null;
  const target = relative(ROOT, resolve(ROOT, dirname(path), from.replace(/\?.*$/, ''))).replaceAll('\\', '/');
  return SOURCE.test(target) ? target : null;
}

function areaOf(path: string): AreaName | null {
  let best: AreaName | null = null;
  let length = 0;
  for (const [name, { at }] of Object.entries(AREAS) as [AreaName, Area][]) {
    for (const prefix of at) {
      if ((path === prefix || path.startsWith(`${prefix}/`)) && prefix.length > length)
        [best, length] = [name, prefix.length];
    }
  }
  return best;
}

/** The floor of the app that a file stands on: the longest path that fits. */
function floorOf(path: string): (typeof APP_FLOORS)[number] | undefined {
  return APP_FLOORS.filter(({ at }) => path.startsWith(`${at}/`)).sort((a, b) => b.at.length - a.at.length)[0];
}

function forbiddenImports({ path, imports }: Source): string[] {
  const name = areaOf(path);
  if (!name) return [];
  const { values = [], types = [], packages = [], files = [], hint } = AREAS[name];
  return imports.flatMap(({ from, line, kind, target }) => {
    if (kind === 'worker') return [];
    const complain = (why: string) => [`${path}:${line} imports ${from}: ${why} ${hint}`];
    if (from.startsWith('.') && !target)
      return /\.[a-z0-9]+(\?[\w&=]*)?$/.test(from) ? [] : complain('relative imports end in .ts or .tsx.');
    if (target === null)
      return packages === 'any' || packages.some((allowed) => within(from, allowed))
        ? []
        : complain(`"${name}" does not use this package.`);
    const area = areaOf(target);
    if (FREE.test(target) && !target.endsWith('.d.ts')) return complain('nothing imports a test.');
    if (area === null) return complain('this file lies in no room.');
    if (area === name || values.includes(area) || files.includes(target)) return [];
    if (kind === 'type' && types.includes(area)) return [];
    return complain(
      types.includes(area)
        ? `"${name}" takes only types from "${area}": write \`import type\`.`
        : `"${name}" may not import from "${area}".`,
    );
  });
}

/** Whether an import is of the package itself or of a part of it; 'node:' allows all of Node. */
function within(from: string, allowed: string): boolean {
  return from === allowed || from.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`);
}

/** A shortest chain of value imports from one of `entries` to a package that `isGoal`, or null. */
function chainTo(entries: readonly string[], isGoal: (from: string) => boolean): string[] | null {
  const queue = entries.map((path) => [path]);
  const seen = new Set(entries);
  for (let chain = queue.shift(); chain; chain = queue.shift()) {
    for (const { from, kind, target } of byPath.get(chain.at(-1)!)?.imports ?? []) {
      if (kind !== 'value') continue;
      if (isGoal(from)) return [...chain, from];
      if (!target || seen.has(target)) continue;
      seen.add(target);
      queue.push([...chain, target]);
    }
  }
  return null;
}

/** Every circle of imports that a depth-first walk closes; types count too, since a reader follows them as well. */
function circles(): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const { kind, target } of byPath.get(path)?.imports ?? []) {
      if (kind !== 'worker' && target && byPath.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}
