/**
 * THIRD-PARTY.txt beside the built app: the licences of all packages in it. By hand: Vite's own `build.license` does not see
 * what workers bundle, where most of it is, and adds no text where a package ships none, as tfjs does.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** SPDX identifiers under which code may be part of an MIT-licensed app. */
const COMPATIBLE = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);
const TEXTS = join(import.meta.dirname, 'licences');
const FILE = 'THIRD-PARTY.txt';

/** Whether an SPDX expression allows its code in the app: every part joined by AND, one of those joined by OR. */
export function isCompatible(expression: string): boolean {
  const parts = expression.replace(/[()]/g, '').split(' OR ');
  return parts.some((part) => part.split(' AND ').every((id) => COMPATIBLE.has(id.trim())));
}

/** Plugins for the page's build, which writes the file, and for the builds of its workers, which run before the page's is written. */
export function thirdPartyNotices(): { readonly page: Plugin; readonly worker: () => Plugin } {
  const folders = new Set<string>();
  const note = (bundle: Readonly<Record<string, object>>): void => {
    for (const chunk of Object.values(bundle)) {
      if (!('moduleIds' in chunk)) continue;
      for (const id of chunk.moduleIds as readonly string[]) {
        const folder = packageFolder(id);
        if (folder) folders.add(folder);
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

/** The folder of the package that a bundled module belongs to; null for our own. */
function packageFolder(id: string): string | null {
  const [, folder] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/')) ?? [];
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : null;
}

/** All packages under the texts of their licences, each text once. Throws Error for one whose licence does not allow it in the app. */
export function thirdParty(folders: readonly string[]): string {
  const byText = new Map<string, string[]>();
  for (const folder of folders) {
    const { heading, text } = notice(folder);
    byText.set(text, [...(byText.get(text) ?? []), heading]);
  }
  const sections = [...byText].map(([text, headings]) => `${headings.sort().join('\n')}\n\n${text}`);
  return `Petrichor contains these packages.\n\n${sections.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function notice(folder: string): { heading: string; text: string } {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
    readonly author?: string | { readonly name: string };
  };
  if (license === undefined || !isCompatible(license))
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
