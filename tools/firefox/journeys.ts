import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { cameraFile } from '../../e2e/support/cameraFile.ts';
import { photo, rainyPhoto } from '../../e2e/support/libraryFiles.ts';
import type { TestFile } from '../../e2e/support/libraryFiles.ts';
import { evenStudent } from '../../e2e/support/students.ts';
import type { SwitchableServer } from '../../e2e/support/switchableServer.ts';
import type { FirefoxPage } from './page.ts';

/** What a journey has to go by. */
export interface Surroundings {
  readonly page: FirefoxPage;
  readonly server: SwitchableServer;
  /** Where Firefox saves what it downloads. */
  readonly downloads: string;
  /** Where files lie that are given to the page. */
  readonly files: string;
}

/** What a person does. Resolves to what came of it, in words; rejects with what is wrong. */
export interface Journey {
  readonly name: string;
  go(surroundings: Surroundings): Promise<string>;
}

/** What a level (0…255) may be off by, as JPEG rounds. */
const LEVELS = 8;

export const journeys: readonly Journey[] = [
  { name: 'open every view', go: openViews },
  { name: 'derain a photo of a camera and save it; go offline and reload', go: derainAndGoOffline },
  { name: 'a queue of three, saved as a zip', go: saveQueue },
  { name: 'compare two students on a photo, with their figures', go: compareStudents },
  { name: 'import three photos into the Library', go: importPhotos },
  { name: 'watch it learn, pause, reload, continue', go: learn },
];

async function openViews({ page, server }: Surroundings): Promise<string> {
  for (const view of ['derain', 'compare', 'train', 'lab', 'library']) {
    await page.goTo(`${server.url}/#/${view}`);
    await page.until(`the view ${view}`, () => document.querySelector('h1') !== null);
    if (await page.run(() => document.documentElement.scrollWidth > document.documentElement.clientWidth))
      throw new Error(`${view} is wider than the window`);
  }
  if (!(await page.run(() => crossOriginIsolated))) throw new Error('The page is not isolated: no threads.');
  if (await page.run(() => /may be cleared/.test(document.body.innerText)))
    throw new Error('The page warns of lost data where nothing is stored.');
  return `five views, isolated, ${await page.run(() => navigator.hardwareConcurrency)} cores`;
}

async function derainAndGoOffline({ page, server, downloads, files }: Surroundings): Promise<string> {
  const original = await cameraFile('holiday.jpg', 320, 240, 3);
  await page.goTo(`${server.url}/#/derain`);
  await page.choose(/^Choose photos$/, [write(files, original)]);
  const time = await page.text(/Done in ([^\n]+)/);
  await page.click(/^Download$/);
  const saved = readFileSync(await downloaded(downloads, 'holiday-derained.jpg'));
  const { format, width, height, exif, icc } = await sharp(saved).metadata();
  if (format !== 'jpeg' || width !== 240 || height !== 320) throw new Error(`saved ${format}, ${width} × ${height}`);
  if (!exif || !icc?.equals(original.icc)) throw new Error('The saved file lacks EXIF or profile.');
  const change = await difference(original.buffer, saved);
  if (change < 0.2 || change > 30) throw new Error(`the result differs from the photo by ${change.toFixed(2)} levels`);

  await page.until(
    'the offline cache',
    async () => (await navigator.serviceWorker.ready).active?.state === 'activated',
  );
  await server.stop();
  try {
    await page.reload();
    await page.text(/holiday\.jpg/);
    await page.text(/Done in/);
    await page.goTo(`${server.url}/#/train`);
    await page.text(/Watch it learn/);
  } finally {
    await server.again();
  }
  return `${time}; ${(saved.length / 1000).toFixed(0)} kB JPEG, EXIF and profile kept, ${change.toFixed(1)} levels taken on average; offline the photo is there with its result`;
}

async function saveQueue({ page, server, downloads, files }: Surroundings): Promise<string> {
  await page.goTo(`${server.url}/#/derain`);
  const names = ['one.png', 'two.png', 'three.png'];
  const photos = await Promise.all(names.map((name, i) => photo(name, 20 + 90 * i, { width: 160, height: 120 })));
  await page.until('the model file button', () => document.querySelector('input[aria-label="Model file"]') !== null);
  await page.give('input[aria-label="Model file"]', [write(files, evenStudent('eight.safetensors', LEVELS))]);
  await page.until('the student', () =>
    [...document.querySelectorAll('option')].some(({ innerText, selected }) => selected && innerText.includes('eight')),
  );
  await page.choose(
    /^Choose photos$/,
    photos.map((file) => write(files, file)),
  );
  await page.text(/3 of 3 done/);
  await page.click(/^Download all/);
  const zip = unzipSync(readFileSync(await downloaded(downloads, 'derained.zip')));
  const found = Object.keys(zip).sort().join();
  if (found !== 'one-derained.png,three-derained.png,two-derained.png') throw new Error(`the zip holds ${found}`);
  for (const { name, buffer } of photos) {
    const most = await farthestFrom(buffer, Buffer.from(zip[name.replace('.png', '-derained.png')]!));
    if (most > 1) throw new Error(`${name} is off by ${most} levels`);
  }
  return 'three PNGs, every value as it should be within one level';
}

async function compareStudents({ page, server, files }: Surroundings): Promise<string> {
  await page.goTo(`${server.url}/#/compare`);
  const street = await rainyPhoto('street.png', 210, 80, { width: 320, height: 240 });
  await page.choose(/^(Choose|Add) photos$/, [write(files, street)]);
  const end = await page.text(/(2 of 2 done|\d failed)/);
  if (end !== '2 of 2 done') throw new Error(await page.text(/\w+ failed\.[^\n]*/));
  const seconds = await page.text(/([\d.]+\sm?s)\s·\s[\d.]+\sm?s\/MP/);
  return `both done, the first in ${seconds.replaceAll('\u00a0', ' ')}`;
}

async function importPhotos({ page, server, files }: Surroundings): Promise<string> {
  const photos = await Promise.all(['bay.png', 'dune.png', 'wood.png'].map((name, i) => photo(name, 20 + 90 * i)));
  await page.goTo(`${server.url}/#/library`);
  await page.choose(
    /^Add images$/,
    photos.map((file) => write(files, file)),
  );
  await page.text(/3 added/);
  const question = await prompt(page);
  await page.reload();
  const shown = await page.until('the photos', () => {
    const images = [...document.querySelectorAll<HTMLImageElement>('[role="option"] img')];
    return images.length === 3 && images.every(({ complete, naturalWidth }) => complete && naturalWidth > 0) && 3;
  });
  return `${shown} shown after a reload; the question about storage was ${question} meanwhile`;
}

async function learn({ page, server }: Surroundings): Promise<string> {
  await page.goTo(`${server.url}/#/train`);
  await page.click(/^Watch it learn$/);
  await page.until('step 12', stepBeyond, 12);
  const question = await prompt(page);
  if (question !== 'open') throw new Error(`the question about storage is ${question}: this shows nothing`);
  if (await page.run(isScrolledSideways)) throw new Error('The previews scroll sideways.');
  await page.click(/^Pause$/);
  const saved = Number((await page.text(/Paused and saved at step ([\d,]+)/)).replaceAll(',', ''));
  await page.reload();
  const offered = Number((await page.text(/Continue from step ([\d,]+)/)).replaceAll(',', ''));
  if (offered !== saved) throw new Error(`step ${saved} was saved, ${offered} is offered`);
  await page.click(/^Continue from step/);
  const reached = await page.until('a step more', stepBeyond, saved);
  return `trains while the storage prompt is open; paused at step ${saved}, went on to ${reached}`;
}

/** Steps done, once there are more than `least`. */
function stepBeyond(least: number): number | null {
  const step = [...document.querySelectorAll('dt')].find(
    (term) => term.textContent?.trim() === 'Step',
  )?.nextElementSibling;
  const done = Number(step?.textContent?.split(' of ')[0]?.replaceAll(',', ''));
  return done > least ? done : null;
}

/** Whether an element that scrolls up and down is wider than it shows. */
function isScrolledSideways(): boolean {
  return [...document.querySelectorAll('main *')].some(
    (element) => getComputedStyle(element).overflowY === 'auto' && element.scrollWidth > element.clientWidth,
  );
}

/** How the browser's question about storage stands: 'not asked', 'open' or 'answered'. */
function prompt(page: FirefoxPage): Promise<string> {
  return page.run(() => (globalThis as { storagePrompt?: string }).storagePrompt ?? 'not asked');
}

function write(folder: string, { name, buffer }: TestFile): string {
  const path = join(folder, name);
  writeFileSync(path, buffer);
  return path;
}

/** The path of a file once it is downloaded whole. */
async function downloaded(folder: string, name: string): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const names = readdirSync(folder);
    if (names.includes(name) && !names.some((other) => other.endsWith('.part'))) return join(folder, name);
    await wait(200);
  }
  throw new Error(`${name} is not downloaded: ${readdirSync(folder).join(', ') || 'nothing'} is there.`);
}

function levelsOf(file: Buffer): Promise<Buffer> {
  return sharp(file).rotate().removeAlpha().toColourspace('srgb').raw().toBuffer();
}

/** Mean of the differences of two images' values, 0…255. */
async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [of, to] = await Promise.all([levelsOf(a), levelsOf(b)]);
  return of.reduce((sum, value, i) => sum + Math.abs(value - to[i]!), 0) / of.length;
}

/** The largest difference of a result's value from the photo's less what the even student takes. */
async function farthestFrom(original: Buffer, result: Buffer): Promise<number> {
  const [of, to] = await Promise.all([levelsOf(original), levelsOf(result)]);
  return of.reduce((most, value, i) => Math.max(most, Math.abs(Math.max(0, value - LEVELS) - to[i]!)), 0);
}
