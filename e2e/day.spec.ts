import { unzipSync } from 'fflate';
import sharp, { type OutputInfo } from 'sharp';
import { photographersFiles } from './support/photographersFiles.ts';
import type { GivenPhoto } from './support/photographersFiles.ts';
import { QueuePage } from './support/queuePage.ts';
import { evenStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';
import { listedNames, zipNameProblems } from './support/zipNames.ts';

/** Mean difference of two decoders and one more encoding, levels of 255. */
const TOLERANCE = 3;
/** What no result may claim: bytes that lay beside the image. */
const CLAIMS = /MotionPhoto|MicroVideo|(hdrgm|Container|Item):\w/;

test(
  'a photographer’s day: each of forty files comes out right or with a reason',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(1_200_000);
    const files = await photographersFiles();
    const usable = files.filter(({ reason }) => !reason);
    const refused = files.filter(({ reason }) => reason);
    expect(files.length).toBeGreaterThanOrEqual(30);
    const queue = new QueuePage(page);
    await queue.open();
    await queue.openModelFile(evenStudent('nothing.safetensors', 0));
    await queue.choosePhotos(files);
    const ended = async (): Promise<number> =>
      [...(await queue.progress.innerText()).matchAll(/(\d+) (?:of|failed)/g)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    await expect.poll(ended, { timeout: 600_000 }).toBe(files.length);
    expect(await queue.progress.innerText()).toContain(
      `${usable.length} of ${files.length} done · ${refused.length} failed`,
    );

    for (const { name, reason } of refused) {
      await queue.walkTo(name);
      await expect(queue.alerts.first(), name).toContainText(reason!);
    }

    const { bytes } = await queue.download('Download all (ZIP)');
    expect(zipNameProblems(listedNames(bytes))).toEqual([]);
    const results = Object.entries(unzipSync(bytes));
    expect(results).toHaveLength(usable.length);
    const faults: string[] = [];
    for (const [i, given] of usable.entries())
      faults.push(...(await faultsOf(given, results[i]![0], Buffer.from(results[i]![1]))));
    expect(faults).toEqual([]);
  },
);

/** What is wrong with a result whose photo the student left as it was. */
async function faultsOf(given: GivenPhoto, name: string, result: Buffer): Promise<string[]> {
  const faults: string[] = [];
  const original = given.shownAs ?? given.buffer;
  const [before, after] = [await shown(original, 'none'), await shown(result, 'warning')];
  const about = await sharp(result).metadata();
  const origin = await sharp(original, { failOn: 'none' }).metadata();
  if (after.info.width !== before.info.width || after.info.height !== before.info.height)
    faults.push(`is ${after.info.width} × ${after.info.height}, not ${before.info.width} × ${before.info.height}`);
  else if (given.grey !== undefined) {
    if (after.data.some((value) => Math.abs(value - given.grey!) > 1)) faults.push(`shows ${after.data[0]}`);
  } else {
    const sum = after.data.reduce((total, value, i) => total + Math.abs(value - before.data[i]!), 0);
    const mean = sum / after.data.length;
    if (mean > (given.tolerance ?? TOLERANCE)) faults.push(`differs by ${mean.toFixed(1)} levels`);
  }
  for (const kind of ['exif', 'xmp'] as const) {
    if (origin[kind] && !about[kind]) faults.push(`has lost its ${kind}`);
    if (CLAIMS.test(about[kind]?.toString('latin1') ?? '')) faults.push(`claims what it lacks in its ${kind}`);
  }
  if ((about.orientation ?? 1) !== 1) faults.push(`has orientation ${about.orientation}`);
  if (origin.depth === 'ushort' && about.depth !== 'ushort') faults.push('has lost its depth');
  if (origin.hasAlpha !== about.hasAlpha && origin.format !== 'jpeg' && origin.hasAlpha)
    faults.push('has lost its alpha');
  return faults.map((fault) => `${given.name} (${name}) ${fault}`);
}

/** As a viewer shows it, on white, in sRGB. */
function shown(file: Buffer, failOn: 'none' | 'warning'): Promise<{ data: Buffer; info: OutputInfo }> {
  return sharp(file, { failOn })
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
}
