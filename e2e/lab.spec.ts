import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { decodeRun } from '../src/core/training/runFile.ts';
import { expect, test } from './support/test.ts';
import { downloadOf, tiny, TrainPage } from './support/trainPage.ts';
import { LabPage } from './support/labPage.ts';

test('two variants side by side: one is paused, the page reloads, both overlay, and are kept', async ({ page }) => {
  test.setTimeout(240_000);
  const lab = new LabPage(page);
  await new TrainPage(page).importImages();
  await lab.openExperiment('λ of a test', 'none:lambda=0;some:lambda=1.2', {
    ...tiny,
    steps: '160',
    validateEvery: '20',
    previewEvery: '40',
  });
  await lab.linked.getByRole('button', { name: 'Start' }).click();
  await expect.poll(() => lab.stepsOf('some, seed 1'), { timeout: 120_000 }).toBeGreaterThanOrEqual(20);
  await page.getByRole('button', { name: 'Pause some, seed 1' }).click();
  await expect(lab.run('some, seed 1')).toContainText('paused');
  await expect(lab.strip).toHaveAccessibleName(/^Experiment: step [\d,]+ of 320, (none|some), seed 1, .+ left$/);
  const paused = await lab.stepsOf('some, seed 1');
  await expect.poll(() => lab.stepsOf('none, seed 1'), { timeout: 60_000 }).toBeGreaterThan(paused + 20);

  await page.reload();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('button', { name: 'Resume some, seed 1' })).toBeVisible();
  expect(await lab.stepsOf('none, seed 1')).toBeGreaterThan(paused);
  await page.getByRole('button', { name: 'Resume some, seed 1' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 120_000 });

  for (const id of ['studentPsnr', 'objective', 'direction'])
    await expect(lab.curves(id)).toHaveAccessibleName(/up to step 160: none [\d.e−]+; some [\d.e−]+$/);
  const images = page.getByRole('region', { name: 'Images of all variants' });
  await expect(images.getByRole('button', { name: /^(none|some), seed 1, .* dB, enlarge$/ })).toHaveCount(2);
  const csv = await downloadOf(page, () => page.getByRole('button', { name: 'CSV' }).click());
  const rows = (await readFile(await csv.path(), 'utf8')).trim().split('\n');
  expect(rows.map((row) => row.split(',').slice(0, 3).join())).toEqual([
    'variant,seeds,step',
    'none,1,160',
    'some,1,160',
  ]);

  await lab.isAccessibleInBothThemes();
  await lab.openRuns();
  await page.reload();
  await page.getByRole('checkbox', { name: 'λ of a test: none, seed 1' }).check();
  await expect(lab.curves('objective')).toHaveAccessibleName(/up to step 160: none [\d.e−]+$/);
  await expect(images.getByRole('button', { name: /^none, seed 1, .* dB, enlarge$/ })).toBeVisible();
  await expect(page.getByText(/^2 runs: .* of weights, .* of previews/)).toBeVisible();
  await page.getByRole('button', { name: 'Edit λ of a test: none, seed 1' }).click();
  await lab.isAccessible();

  const train = new TrainPage(page);
  await page.getByRole('button', { name: 'Continue λ of a test: none, seed 1' }).click();
  await expect.poll(() => train.steps(), { timeout: 60_000 }).toBeGreaterThan(160);
});

test('a link opened in another profile says what is missing, and gives the same losses to the last digit', async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(300_000);
  const lab = new LabPage(page);
  await lab.openExperiment('Shared', 'some:lambda=1.2', { ...tiny, steps: '12', validateEvery: '12' });
  const first = await lossesAfterStart(lab);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.part('Experiments').click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText(/^The link is copied\. It holds settings, seeds and which images/)).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const other = await browser.newContext({ ...(baseURL && { baseURL }), serviceWorkers: 'block' });
  const there = new LabPage(await other.newPage());
  await there.page.goto(link);
  await expect(there.linked).toContainText(/Your Library lacks (\d+) of its \1 images/);
  const second = await lossesAfterStart(there);
  expect(second.slice(0, 10)).toEqual(first.slice(0, 10));
  expect(first).toHaveLength(12);
  await other.close();
});

/** Starts the linked experiment on the samples, and resolves with its run's losses as its file holds them. */
async function lossesAfterStart(lab: LabPage): Promise<unknown[]> {
  const { page } = lab;
  await lab.linked.getByRole('button', { name: 'Add the samples and start' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 120_000 });
  await lab.openRuns();
  await page.getByRole('button', { name: 'Edit Shared: some, seed 1' }).click();
  return losses(page);
}

async function losses(page: Page): Promise<unknown[]> {
  const file = await downloadOf(page, () => page.getByRole('button', { name: 'Export' }).click());
  const { checkpoint } = decodeRun(await readFile(await file.path()));
  return checkpoint.history.map(({ step, objective, losses: terms }) => ({ step, objective, terms }));
}
