/**
 * THIRD-PARTY.txt beside the built app: the licences of all packages in it. By hand: Vite's own `build.license` does not see
 * what workers bundle, where most of it is, and adds no text where a package ships none, as tfjs does.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { nativeParts } from './nativeParts.ts';
import type { NativePart } from './nativeParts.ts';

/** SPDX identifiers under which code may be part of an MIT-licensed app. */
const COMPATIBLE = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);
/** What compiled code may be licensed as besides: nothing of it is changed here, and its source is named with it. */
const COMPATIBLE_COMPILED = new Set([...COMPATIBLE, 'MPL-2.0', 'BSL-1.0', 'Apache-2.0 WITH LLVM-exception']);
/**
 * Packages under the LGPL, and their licence. They stay files of their own, loaded at run time and unchanged, that whoever has the app may
 * replace; so what uses them may be under any licence. A build that puts one into a file with anything else fails.
 */
const SEPARATE: Readonly<Record<string, string>> = { 'libheif-js': 'LGPL-3.0' };
const TEXTS = join(import.meta.dirname, 'licences');
const FILE = 'THIRD-PARTY.txt';

/** Whether an SPDX expression allows its code in the app: every part joined by AND, one of those joined by OR. */
export function isCompatible(expression: string): boolean {
  const parts = expression.replace(/[()]/g, '').split(' OR ');
  return parts.some((part) => part.split(' AND ').every((id) => COMPATIBLE.has(id.trim())));
}

/** Whether a package may be part of the app: by its licence, or as a file of its own. */
export function isAllowed(name: string, license: string): boolean {
  return isCompatible(license) || SEPARATE[name] === license;
}

/** Plugins for the page's build, which writes the file, and for the builds of its workers, which run before the page's is written. */
export function thirdPartyNotices(): { readonly page: Plugin; readonly worker: () => Plugin } {
  const folders = new Set<string>();
  const note = (bundle: Readonly<Record<string, object>>): void => {
    for (const chunk of Object.values(bundle)) {
      if (!('moduleIds' in chunk)) continue;
      const ids = (chunk.moduleIds as readonly string[]).filter((id) => !/^\0|\?url$/.test(id));
      const within = new Set(ids.map(packageFolder));
      for (const folder of within) {
        if (!folder) continue;
        folders.add(folder);
        if (within.size > 1 && packageOf(folder).name in SEPARATE)
          throw new Error(
            `${packageOf(folder).name} may only be part of the app as a file of its own: import it by import().`,
          );
      }
    }
  };
  return {
    page: {
      name: 'third-party-notices',
      apply: 'build',
      generateBundle(_, bundle) {
        note(bundle);
        this.emitFile({ type: 'asset', fileName: FILE, source: thirdParty([...folders]) });
      },
    },
    worker: () => ({ name: 'third-party-of-worker', generateBundle: (_, bundle) => note(bundle) }),
  };
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

function packageOf(folder: string): Package {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
}

/** The folder of the package that a bundled module belongs to; null for our own. */
function packageFolder(id: string): string | null {
  const [, folder] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/')) ?? [];
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : null;
}

/** All packages, and what is compiled into them, under the texts of their licences, each text once. Throws Error for one whose licence does not allow it in the app. */
export function thirdParty(folders: readonly string[]): string {
  const byText = new Map<string, string[]>();
  for (const { heading, text } of folders.flatMap(notices))
    byText.set(text, [...new Set([...(byText.get(text) ?? []), heading])]);
  const sections = [...byText].map(([text, headings]) => `${headings.sort().join('\n')}\n\n${text}`);
  return `Petrichor contains these packages.\n\n${sections.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

interface Notice {
  readonly heading: string;
  readonly text: string;
}

/** Of a package, and of what is compiled into its WebAssembly. */
function notices(folder: string): Notice[] {
  const { name } = packageOf(folder);
  return [notice(folder), ...(nativeParts[name] ?? []).map((part) => partNotice(part, name))];
}

/** Throws Error for a part whose licence does not allow it in the app. */
function partNotice({ name, license, holder, text }: NativePart, within: string): Notice {
  if (!COMPATIBLE_COMPILED.has(license) && !(within in SEPARATE))
    throw new Error(`${name} in ${within} is licensed as ${license}.`);
  const file = text === undefined ? join(TEXTS, `${license}.txt`) : join(TEXTS, 'parts', `${text}.txt`);
  const heading = `${name} (${license})${holder ? `, ${holder}` : ''}, compiled into ${within}`;
  return { heading, text: readFileSync(file, 'utf8').trim() };
}

function notice(folder: string): Notice {
  const { name, version, license, author } = packageOf(folder);
  if (license === undefined || !isAllowed(name, license))
    throw new Error(
      `${name} ${version} is licensed as ${license ?? 'nothing'}: it may not be part of the app. Use another package.`,
    );
  const holder = typeof author === 'string' ? author.replace(/\s*[<(].*$/, '') : author?.name;
  const heading = `${name} ${version} (${license})${holder ? `, ${holder}` : ''}`;
  return { heading, text: licenceText(folder, license) };
}

function licenceText(folder: string, license: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  const texts = license.split(' AND ').map((id) => join(TEXTS, `${id}.txt`));
  const missing = texts.find((text) => !existsSync(text));
  if (missing) throw new Error(`${folder} ships no licence text: add the standard one as ${missing}.`);
  return texts.map((text) => readFileSync(text, 'utf8').trim()).join('\n\n');
}
