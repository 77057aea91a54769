import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { drawRain } from '../src/core/rain/streaks.ts';
import { DerainPage } from './support/derainPage.ts';
import { photo } from './support/libraryFiles.ts';
import type { TestFile } from './support/libraryFiles.ts';
import { expect, test } from './support/test.ts';

const size = { width: 240, height: 180 };

/** A smooth scene in dense, bright rain. */
async function heavyRain(name: string): Promise<TestFile> {
  const { width, height } = size;
  const layer = { angle: 75, spread: 1, length: 40, width: 3, density: 6, strength: 0.25 };
  const rain = drawRain({ layers: [layer], veil: { amount: 0, grey: 0.7 }, seed: 1, direction: 8 }, width, height);
  const { data } = await sharp((await photo('dry.png', 210, size)).buffer)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const rainy = data.map((value, i) => Math.min(255, value + 255 * rain[Math.floor(i / 3)]!));
  const buffer = await sharp(rainy, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { name, mimeType: 'image/png', buffer };
}

/** Two seconds are enough for some steps of the smallest student. */
async function derained(page: Page, file: TestFile, adaptSeconds = 2): Promise<DerainPage> {
  const queue = new DerainPage(page);
  await queue.open(`?model=shipped:quick&adaptSeconds=${adaptSeconds}`);
  await queue.choosePhotos([file]);
  await queue.finished();
  return queue;
}

test('adapts a student to a photo, shows both, keeps it for the next visit and discards it', async ({ page }) => {
  const queue = await derained(page, await heavyRain('street.png'));
  await page.getByRole('button', { name: 'Adapt to this photo' }).click();
  const offer = page.getByRole('group', { name: 'Adapted student' });
  await expect(offer).toBeVisible({ timeout: 60_000 });
  await expect(queue.divider).toHaveAttribute(
    'aria-label',
    /Quick to the left, Adapted to street \(new\) to the right/,
  );
  await expect(queue.student, 'until it is kept').toHaveValue('shipped:quick');
  await offer.getByRole('button', { name: 'Keep' }).click();
  await expect(queue.student.locator('option:checked')).toHaveText('Adapted to street (mine)');
  await queue.finished();
  await expect(queue.divider).toHaveAttribute('aria-label', /Original to the left, Derained to the right/);
  await expect(page).toHaveURL(/model=mine/);

  await page.reload();
  await expect(queue.student.locator('option:checked')).toHaveText('Adapted to street (mine)');
  await page.getByRole('button', { name: 'Discard this student' }).click();
  await expect(queue.student).toHaveValue('shipped:quick');
  await expect(queue.student.locator('option', { hasText: 'Adapted to street' })).toHaveCount(0);
});

test('refuses a photo without rain', async ({ page }) => {
  const { buffer } = await photo('dry.png', 120, size);
  const even = await sharp(buffer).blur(12).png().toBuffer();
  const queue = await derained(page, { name: 'dry.png', mimeType: 'image/png', buffer: even });
  await page.getByRole('button', { name: 'Adapt to this photo' }).click();
  await expect(page.getByText('No rain was found in this photo.')).toBeVisible({ timeout: 60_000 });
  await expect(queue.student).toHaveValue('shipped:quick');
});

test('ends when cancelled', async ({ page }) => {
  const queue = await derained(page, await heavyRain('street.png'), 600);
  const adapt = page.getByRole('button', { name: 'Adapt to this photo' });
  await adapt.press('Enter');
  const working = page.getByRole('group', { name: 'Adapting' });
  await expect(working).toContainText(/Streaks about/, { timeout: 60_000 });
  await page.keyboard.press('Tab');
  await expect(working.getByRole('button', { name: 'Cancel' }), 'next after the button that went').toBeFocused();
  await page.keyboard.press('Enter');
  await expect(adapt).toBeEnabled();
  await expect(working).toBeHidden();
  await expect(queue.student).toHaveValue('shipped:quick');
});
