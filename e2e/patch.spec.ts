import { LabPage } from './support/labPage.ts';
import { expect, test } from './support/test.ts';

test('one patch: blur and rotation move (5) more than (4), an offset the other way round', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.openPatch();
  await expect.poll(() => lab.share('direction')).toBeGreaterThan(30);
  expect(await lab.share('content')).toBeLessThan(20);
  await expect(
    page.getByText(/Direction penalizes this error [\d.]+ times as heavily: blur removes the edges/),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => lab.share('direction')).toBe(0);
  expect(await lab.share('content')).toBe(0);
  await expect(page).toHaveURL(/blur=0/);

  await page.getByRole('button', { name: 'Blurred' }).click();
  await expect.poll(() => lab.share('direction')).toBeGreaterThan(30);
  const blurred = await lab.share('direction');
  await lab.slider('Blur σ').press('ArrowRight');
  await expect.poll(() => lab.share('direction')).toBeGreaterThan(blurred);

  await page.getByRole('button', { name: 'Rotated' }).click();
  await expect.poll(() => lab.share('direction')).toBeGreaterThan(100);
  expect(await lab.share('direction')).toBeGreaterThan(2 * (await lab.share('content')));

  await page.getByRole('button', { name: 'Brighter' }).click();
  await expect.poll(() => lab.share('direction')).toBe(0);
  expect(await lab.share('content')).toBeGreaterThan(35);
  await lab.isAccessibleInBothThemes();
});

test('a link reproduces the patch, the label is turned by keys, and a number says where it comes from', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.openPatch({ rain: 'heavy', blur: '2', labelError: '30', l: '7' });
  const shown = page.getByRole('button', { name: /^Why is Direction \(5\) [\d.]+\?$/ });
  const name = await shown.getAttribute('aria-label');
  await expect(lab.label).toHaveAttribute('aria-valuenow', '100');
  await page.reload();
  await expect(shown).toHaveAttribute('aria-label', name!);

  await lab.label.press('ArrowDown');
  await expect(page).toHaveURL(/labelError=20/);
  await expect(lab.label).toHaveAttribute('aria-valuenow', '90');
  await expect(shown).not.toHaveAttribute('aria-label', name!);

  const value = (await shown.textContent())!;
  await shown.press('Enter');
  const why = page.getByRole('dialog', { name: 'Direction, equation (5)' });
  await expect(why.getByText(new RegExp(`^Sum: [\\d.]+ \\+ [\\d.]+ = ${value}$`))).toBeVisible();
  await lab.isAccessible();
  await page.keyboard.press('Escape');
});

test('descend with (5) and without, and go back through the steps', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.openPatch({ blur: '2' });
  await lab.descend.getByRole('button', { name: 'Descend' }).click();
  await expect(lab.descend.getByText('step 100 of 100')).toBeVisible({ timeout: 60_000 });
  const psnr = async (name: RegExp): Promise<number> =>
    Number((await lab.descend.getByRole('img', { name }).getAttribute('aria-label'))!.match(/([\d.]+)\sdB/)![1]);
  const [without, withIt] = [await psnr(/^Content \(4\) alone/), await psnr(/^\(4\) \+ 1\.2/)];
  expect(withIt).toBeGreaterThan(without + 0.8);

  await lab.descend.getByRole('slider', { name: /^step/ }).press('Home');
  await expect(lab.descend.getByText('step 0 of 100')).toBeVisible();
  expect(await psnr(/^\(4\) \+ 1\.2/)).toBeLessThan(without);
  await expect(lab.descend.getByRole('button', { name: 'Resume' })).toBeVisible();
});
