import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeParts } from './nativeParts.ts';
import { isAllowed, isCompatible, thirdParty, thirdPartyNotices } from './notices.ts';
import { ROOT } from './prepare.mjs';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['Apache-2.0 AND MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND GPL-3.0', false],
    ['LGPL-3.0-or-later', false],
    ['UNLICENSED', false],
    ['', false],
  ])('%s in the app: %s', (expression, expected) => expect(isCompatible(expression)).toBe(expected));

  it('allow everything that the app is built from to be part of it', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, LockedPackage>>;
    };
    const shipped = Object.entries(packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional);
    expect(shipped.length).toBeGreaterThan(20);
    const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const wrong = shipped.filter(([path, { license }]) => !isAllowed(nameOf(path), license ?? ''));
    expect(
      wrong.map(
        ([path, { license }]) =>
          `${path} is licensed as ${license ?? 'nothing'}: make it a development dependency if none of it is bundled, or use another package.`,
      ),
    ).toEqual([]);
  });
});

describe('what is compiled into WebAssembly', () => {
  const folderOf = (name: string): string => join(ROOT, 'node_modules', name);

  it('is known of every package that ships any', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const shipping = Object.keys(dependencies).filter((name) =>
      readdirSync(folderOf(name), { recursive: true, encoding: 'utf8' }).some((file) => file.endsWith('.wasm')),
    );
    expect(shipping.sort()).toEqual(Object.keys(nativeParts).sort());
  });

  it.each(Object.keys(nativeParts))('of %s stands in the notices, each part under its own text', (name) => {
    const sections = thirdParty([folderOf(name)]).split(`${'-'.repeat(80)}\n`);
    for (const part of nativeParts[name]!) {
      const section = sections.find((text) => text.includes(`${part.name} (${part.license})`));
      expect(section, part.name).toMatch(
        /Permission is hereby granted|Redistribution and use|TERMS AND CONDITIONS|Covered Software|MIT license|Combined Work/,
      );
    }
  });

  it('names ONNX Runtime’s holder, and where the source of what is under the MPL is', () => {
    const text = thirdParty([folderOf('onnxruntime-web')]);
    expect(text).toMatch(/Copyright \(c\) Microsoft Corporation\n/);
    expect(text).toMatch(/Eigen, unmodified; its source is at https.*MPL-2\.0.*compiled into onnxruntime-web/);
    expect(text).toContain('Copyright 2008 Google Inc.');
  });
});

describe('a package under the LGPL', () => {
  it('is allowed by its name, and no other', () => {
    expect(isAllowed('libheif-js', 'LGPL-3.0')).toBe(true);
    expect(isAllowed('libheif-js', 'GPL-3.0')).toBe(false);
    expect(isAllowed('another', 'LGPL-3.0')).toBe(false);
  });

  it('stands in the notices with both licences that it is under, and where its source is', () => {
    const text = thirdParty([join(ROOT, 'node_modules', 'libheif-js')]);
    expect(text).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(text).toContain('GNU GENERAL PUBLIC LICENSE');
    expect(text).toMatch(/libde265 1\.0\.15, unmodified; its source is at https.*compiled into libheif-js/);
  });

  it('may not be bundled with anything else', () => {
    const { page } = thirdPartyNotices();
    const bundle = (...moduleIds: string[]): unknown => ({ 'a.js': { type: 'chunk', moduleIds } });
    const heif = join(ROOT, 'node_modules/libheif-js/libheif-wasm/libheif.js');
    const generate = (page.generateBundle as unknown as (this: object, options: null, bundle: unknown) => void).bind({
      emitFile: () => undefined,
    });
    expect(() => generate(null, bundle(heif, '\0rolldown/runtime.js'))).not.toThrow();
    expect(() => generate(null, bundle(heif, join(ROOT, 'src/main.tsx')))).toThrow('as a file of its own');
  });
});

describe('THIRD-PARTY.txt', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'petrichor-notices-'));
    addPackage('with-text', { license: 'ISC', version: '1.2.3' }, 'Copyright Ada. Do as you please.');
    addPackage('@scope/without-text', { license: 'Apache-2.0', author: { name: 'Grace' } });
    addPackage('viral', { license: 'GPL-3.0' }, 'Share alike.');
    addPackage('unused', { license: 'MIT' }, 'Never bundled.');
    writeFileSync(join(folder, 'worker.js'), "import { x } from '@scope/without-text'; postMessage(x);");
    writeFileSync(
      join(folder, 'main.js'),
      "import { x } from 'with-text'; document.title = x; new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });",
    );
    writeFileSync(join(folder, 'index.html'), '<script type="module" src="./main.js"></script>');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  function addPackage(name: string, fields: object, text?: string): void {
    const at = join(folder, 'node_modules', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(
      join(at, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js', ...fields }),
    );
    writeFileSync(join(at, 'index.js'), `export const x = '${name}';`);
    if (text) writeFileSync(join(at, 'LICENSE.md'), text);
  }

  it('names every package in page and workers, with the text of its licence', async () => {
    const notices = thirdPartyNotices();
    await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      plugins: [notices.page],
      worker: { format: 'es', plugins: () => [notices.worker()] },
    });
    const text = readFileSync(join(folder, 'dist', 'THIRD-PARTY.txt'), 'utf8');
    expect(text).toContain('with-text 1.2.3 (ISC)\n');
    expect(text).toContain('Copyright Ada.');
    expect(text).toContain('@scope/without-text 1.0.0 (Apache-2.0), Grace\n');
    expect(text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
    expect(text).not.toContain('unused');
  });

  it('has a text once for all who share it', () => {
    addPackage('also-without-text', { license: 'Apache-2.0' });
    const text = thirdParty(
      ['@scope/without-text', 'also-without-text'].map((name) => join(folder, 'node_modules', name)),
    );
    expect(text.match(/TERMS AND CONDITIONS FOR USE/g)).toHaveLength(1);
    expect(text).toContain('@scope/without-text 1.0.0 (Apache-2.0), Grace\nalso-without-text 1.0.0 (Apache-2.0)\n');
  });

  it('is refused for a package that may not be part of the app', () => {
    expect(() => thirdParty([join(folder, 'node_modules', 'viral')])).toThrow('GPL-3.0');
  });
});
