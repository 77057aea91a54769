import { DerainPage } from './support/derainPage.ts';
import { photo } from './support/libraryFiles.ts';
import { ShellPage } from './support/shellPage.ts';
import { heavyStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';
import { tiny, TrainPage } from './support/trainPage.ts';

/** Starting a backend, and on WebGPU choosing its kernels, comes on top of five seconds of measuring. */
const MEASURING_MS = 90_000;

test('the device panel measures this machine with the student chosen, and says what it measured @webgpu', async ({
  page,
  engine,
}) => {
  test.setTimeout(120_000);
  const shell = new ShellPage(page);
  await shell.open('Library');
  await shell.deviceChip.click();
  await shell.devicePanel.getByRole('button', { name: 'Measure this device' }).click();
  await expect(shell.devicePanel.getByRole('button', { name: 'Measuring …' })).toBeVisible();

  const speed = shell.devicePanel.getByRole('status').filter({ hasText: 'Measured on' });
  await expect(speed).toContainText(/A 12-MP photo in (about \d+\s(s|min|h)|less than a second)/, {
    timeout: MEASURING_MS,
  });
  await expect(speed).toContainText(
    engine === 'webgpu' ? /WebGPU · .*\(software\), with “.+”/ : /CPU · WASM, \d+ threads?, (relaxed )?SIMD, with “.+”/,
  );
  for (const term of ['Convolutions', 'Training step']) {
    const figure = await speed.locator(`dt:text-is("${term}") + dd`).innerText();
    expect(Number(figure.match(/^([\d,.]+)\sGFLOP\/s$/)?.[1]?.replaceAll(',', ''))).toBeGreaterThan(0);
  }
  await expect(speed).not.toContainText('Training is running');
  await expect(shell.devicePanel.getByRole('button', { name: 'Measure again' })).toBeVisible();
  await shell.isAccessible();
});

test('while training runs the machine can be measured, with a word that it is shared', async ({ page }) => {
  test.setTimeout(240_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 60_000 }).toBeGreaterThan(0);

  const shell = new ShellPage(page);
  await shell.deviceChip.click();
  await shell.devicePanel.getByRole('button', { name: 'Measure this device' }).click();
  const speed = shell.devicePanel.getByRole('status').filter({ hasText: 'Measured on' });
  await expect(speed).toContainText('Training is running and takes its share', { timeout: MEASURING_MS });

  const before = await train.steps();
  await expect.poll(() => train.steps(), { timeout: 30_000 }).toBeGreaterThan(before);
});

test('while a photo is worked on, measuring is refused with the reason', async ({ page }) => {
  test.setTimeout(120_000);
  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos([await photo('large.jpg', 200, { width: 2400, height: 1600 })]);
  await expect(queue.status).toContainText(/\d\s% ·/, { timeout: 60_000 });

  const shell = new ShellPage(page);
  await shell.deviceChip.click();
  await shell.devicePanel.getByRole('button', { name: 'Measure this device' }).click();
  await expect(shell.devicePanel).toContainText('A photo is being worked on. Measure again when it is done.');
});
