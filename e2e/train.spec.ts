import { readFile } from 'node:fs/promises';
import { DerainPage } from './support/derainPage.ts';
import { rainyPhoto } from './support/libraryFiles.ts';
import { expect, test } from './support/test.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent } from './support/students.ts';
import { tiny, TrainPage } from './support/trainPage.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('train, watch, change λ, stop, come back, go on, export the student', async ({ page, engine }) => {
  test.setTimeout(300_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();

  await expect.poll(() => train.steps(), { timeout: 120_000 }).toBeGreaterThanOrEqual(30);
  const chip = page.getByRole('region', { name: 'Run', exact: true });
  await expect(chip).toContainText(engine === 'webgpu' ? 'WebGPU' : 'CPU');
  await expect(train.previews.getByRole('button', { name: /^Student, .* dB, enlarge/ }).first()).toBeVisible();
  for (const id of ['objective', 'psnr', 'direction', 'distillRef', 'learningRate', 'stepMs']) {
    await expect(train.chart(id).locator('canvas')).toBeVisible();
    await expect(train.chart(id).getByRole('img')).toHaveAccessibleName(/, step [\d,]+ to [\d,]+: /);
  }
  await expect(page.getByRole('slider', { name: 'Rain direction', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Present' }).click();
  const presented = page.getByRole('dialog', { name: /presented$/ });
  await expect(presented.getByRole('img')).toHaveCount(4);
  await page.keyboard.press('4');
  await expect(presented.getByRole('img')).toHaveAccessibleName(/^Student\. [\d.]+\sdB$/);
  const crop = (await presented.getAttribute('aria-label'))!;
  await page.keyboard.press('ArrowRight');
  await expect(presented).not.toHaveAttribute('aria-label', crop);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Escape');
  await expect(presented).toBeHidden();

  await new ShellPage(page).goTo('Library');
  await expect(
    page.getByRole('link', { name: /^Training: step [\d,]+ of 100,000, .+, PSNR [\d.]+ dB$/ }),
  ).toBeVisible();
  await expect(page).toHaveTitle(/^Step [\d,]+ · [\d.]+\sdB · Library · Petrichor$/);
  await page.getByRole('link', { name: /^Training: step/ }).click();

  await train.setting('Rain direction, λ').fill('3');
  await expect(train.changes).toContainText('λ 1.2 → 3', { timeout: 20_000 });
  await expect(page).toHaveURL(/lambda=3/);
  await page.getByRole('heading', { name: 'Images', exact: true }).click();
  await expect(train.setting('Held out for validation')).toBeDisabled();
  await train.dragWeight('Rain direction, λ', [0.3, 0.6, 0.8]);
  await expect(train.changes.getByText(/λ 3 → [\d.]+$/)).toHaveCount(1, { timeout: 20_000 });
  await expect(train.changes.getByRole('listitem')).toHaveCount(2);
  await train.setting('Rain direction, λ').fill('3');
  await expect(train.changes.getByRole('listitem')).toHaveCount(3, { timeout: 20_000 });

  await page.getByRole('button', { name: 'Why this value of Rain direction?' }).click();
  const why = page.getByRole('dialog', { name: 'Rain direction, equation (5)' });
  await expect(why.getByText(/^In the objective: 3 · [\d.]+ = [\d.]+, [< ]*\d+\s% of [\d.]+\.$/)).toBeVisible();
  await why.getByText('In the code:').click();
  await expect(why.getByText(/export function directionLoss\(/)).toBeVisible();
  await page.keyboard.press('Escape');

  await train.stop.press('Enter');
  await expect(page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 30_000 });
  await expect(train.goOn, 'what the keyboard presses next').toBeFocused();
  const stopped = await train.steps();
  const curves = await train.curves();
  const objective = curves.filter((row) => row['objective']).map((row) => Number(row['objective']));
  expect(objective).toHaveLength(stopped);
  // The objective rises with λ; what (4) says does not depend on it.
  const content = curves.map((row) => Number(row['content'])).filter((value) => value > 0);
  const third = Math.floor(content.length / 3);
  expect(mean(content.slice(-third))).toBeLessThan(mean(content.slice(0, third)));

  await page.reload();
  await expect(train.goOn).toHaveText(`Continue from step ${stopped.toLocaleString('en-US')}`);
  await train.goOn.click();
  await expect.poll(() => train.steps(), { timeout: 120_000 }).toBeGreaterThan(stopped);
  await expect(train.setting('Rain direction, λ')).toHaveValue('3');

  const student = await train.exportNetwork('student');
  expect(student.suggestedFilename()).toMatch(/^petrichor-student-step-\d+\.safetensors$/);
  const bytes = await readFile(await student.path());
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString('utf8')) as Record<
    string,
    unknown
  >;
  expect(Object.keys(header).length).toBeGreaterThan(4);
  await page.keyboard.press('Escape');

  await train.stop.click();
  await expect(page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 30_000 });
  const whole = (await train.curves()).filter((row) => row['objective']).map((row) => Number(row['step']));
  expect(whole).toEqual(Array.from({ length: await train.steps() }, (_, index) => index + 1));
  await new ShellPage(page).isAccessibleInBothThemes();
});

test('an empty library leads to images', async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  await expect(page.getByText(/Training needs images/)).toBeVisible();
  await page.getByRole('button', { name: 'Open the Library' }).click();
  await expect(page.getByRole('heading', { name: 'Library', level: 1 })).toBeAttached();
});

test('one button: watch it learn', async ({ page }) => {
  test.setTimeout(240_000);
  const train = new TrainPage(page);
  await train.open();
  await page.getByRole('button', { name: 'Watch it learn' }).click();
  await expect(train.previews).toContainText('step 10', { timeout: 180_000 });
  const objective = (await train.curves()).map((row) => Number(row['objective'])).filter((value) => value > 0);
  expect(objective.at(-1)!).toBeLessThan(objective[0]!);
  await train.stop.click();
  await expect(page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 60_000 });
});

test('a paused run does one step at a time, and shows each', async ({ page }) => {
  test.setTimeout(120_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 60_000 }).toBeGreaterThan(0);
  await train.stop.click();
  await expect(train.goOn).toBeVisible({ timeout: 30_000 });
  const paused = await train.steps();
  for (const step of [paused + 1, paused + 2]) {
    await train.oneStep.press('Enter');
    await expect(train.goOn).toHaveText(`Continue from step ${step.toLocaleString('en-US')}`, { timeout: 30_000 });
    await expect(train.previews).toContainText(`step ${step.toLocaleString('en-US')} (latest)`);
    await expect(train.oneStep).toBeFocused();
  }
});

test('a browser that asks before it keeps storage does not hold training up', async ({ page }) => {
  test.setTimeout(240_000);
  await page.addInitScript(() => {
    navigator.storage.persist = () => new Promise(() => undefined);
  });
  const train = new TrainPage(page);
  await train.open();
  await page.getByRole('button', { name: 'Watch it learn' }).click();
  await expect.poll(() => train.steps(), { timeout: 120_000 }).toBeGreaterThan(0);
  await train.stop.click();
  await expect(page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 60_000 });
});

test('a language that the browser makes up does not keep Train from opening', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'language', { value: 'C', configurable: true }));
  await new TrainPage(page).open();
  await expect(page.getByText('could not be shown')).toHaveCount(0);
  await expect(page.getByText(/Training needs images/)).toBeVisible();
});

test('a link brings its settings, and a setting that cannot be used says why', async ({ page }) => {
  const train = new TrainPage(page);
  await train.importImages();
  await train.open({ preset: 'small', lambda: '0.5', crop: '4', disabledTerms: 'tv.cycle' });
  await expect(page.getByRole('radio', { name: 'Small' })).toBeChecked();
  await expect(train.setting('Rain direction, λ')).toHaveValue('0.5');
  await expect(page.getByRole('switch', { name: /^Cycle/ })).not.toBeChecked();
  await page.getByRole('heading', { name: 'Run', exact: true }).click();
  await expect(page.getByText('Must be a whole number from 16 to 512, not 4.')).toBeVisible();
  await expect(train.start).toBeDisabled();
  await new ShellPage(page).isAccessibleInBothThemes();

  await train.setting('Crop size').fill('32');
  await expect(train.start).toBeEnabled();
  await expect(page).toHaveURL(/crop=32/);
  await page.getByRole('button', { name: 'Reset to preset' }).click();
  await expect(page).toHaveURL(/#\/train\?preset=small$/);
  await expect(train.setting('Rain direction, λ')).toHaveValue('1.2');
});

test('a link that asks for immense networks says how long they take, and its start is called off at once', async ({
  page,
}) => {
  const train = new TrainPage(page);
  await train.importImages();
  await train.open({ blocks: '32', f1: '128', f2: '128', f3: '128', batch: '16', crop: '96', microBatches: '16' });
  await expect(page.getByText(/Roughly \d+\sd .* for 3,000 steps; .* One step alone takes/)).toBeVisible();
  await train.start.click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(train.start, 'within a second, whatever the worker is at').toBeVisible({ timeout: 5_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
  await train.open(tiny);
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 60_000 }).toBeGreaterThan(0);
});

test('a second tab is told that training runs elsewhere, and leaving is warned about', async ({ page, context }) => {
  test.setTimeout(120_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 60_000 }).toBeGreaterThan(0);

  const second = new TrainPage(await context.newPage());
  await second.open(tiny);
  await second.start.or(second.goOn).click();
  await expect(second.page.getByRole('alert')).toContainText('Training runs in another tab');
  await new ShellPage(second.page).isAccessibleInBothThemes();

  const warned = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await warned;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await train.stop.click();
  await expect(page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 30_000 });
  const saved = (await train.steps()).toLocaleString('en');
  await expect(second.goOn, 'the other tab knows how far it went').toHaveText(`Continue from step ${saved}`);
});

test('keyboard: compare a preview, look back, read the curves as numbers, use the student', async ({ page }) => {
  test.setTimeout(120_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open({ ...tiny, steps: '30' });
  await train.start.press('Enter');
  await expect(page.getByText(/Finished and saved at step 30/)).toBeVisible({ timeout: 90_000 });

  const scrubber = train.previews.getByRole('slider', { name: /^step/ });
  await scrubber.press('Home');
  await expect(train.previews).toContainText('step 0');
  await scrubber.press('End');
  await expect(train.previews).toContainText('step 30 (latest)');

  await train.previews
    .getByRole('button', { name: /^Student, .*enlarge/ })
    .first()
    .press('Enter');
  const compare = page.getByRole('dialog');
  await expect(compare.getByLabel('Left')).toHaveValue('rainy');
  await expect(compare.getByLabel('Right')).toHaveValue('student');
  const divider = compare.getByRole('slider');
  const before = await divider.getAttribute('aria-valuenow');
  await divider.press('ArrowRight');
  await expect(divider).not.toHaveAttribute('aria-valuenow', before!);
  await new ShellPage(page).isAccessibleInBothThemes();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Data table' }).press('Enter');
  await expect(page.getByRole('table', { name: 'Training' }).getByRole('row')).toHaveCount(21);
  await new ShellPage(page).isAccessibleInBothThemes();
  await page.keyboard.press('Escape');

  const compass = page.getByRole('slider', { name: 'Rain direction', exact: true });
  const rotated = await compass.getAttribute('aria-valuenow');
  await compass.press('ArrowUp');
  await expect(compass).not.toHaveAttribute('aria-valuenow', rotated!);
  await expect(page.getByText('set by hand')).toBeVisible();

  await page.getByRole('button', { name: 'Export …' }).press('Enter');
  await page.getByRole('button', { name: 'Use in Derain' }).press('Enter');
  await expect(page).toHaveURL(/#\/derain\?.*model=mine/);
  await expect(page.getByRole('main')).toContainText('Student, step 30');
  const queue = new DerainPage(page);
  await expect(queue.student).toHaveValue(/^mine:/);
  await queue.choosePhotos([await rainyPhoto('holiday.png', 60, 80)]);
  await queue.finished();
});

test('a model file teaches, and derains as the teacher of its run', async ({ page }) => {
  test.setTimeout(120_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open({ ...tiny, steps: '2' });
  await page.getByRole('heading', { name: 'Networks', exact: true }).click();
  const teacher = page.getByRole('combobox', { name: 'Teacher' });
  await expect(teacher.locator('option', { hasText: 'Broad – teacher' })).toBeAttached();
  await page.getByRole('combobox', { name: 'Architecture of F₁ and F₃' }).selectOption('PReNet');
  await expect(train.setting('Residual blocks B')).toHaveValue('5');
  await page.getByRole('combobox', { name: 'Architecture of F₁ and F₃' }).selectOption('EDSR');
  await page.getByLabel('Teacher file').setInputFiles(evenStudent('nine.safetensors', 9));
  await expect(teacher).toHaveValue('opened:nine.safetensors');
  await expect(train.setting('Filters of F₁')).toHaveCount(0);
  await train.setting('Residual blocks B').fill('1');
  await train.setting('Filters of F₃').fill('4');
  await train.start.click();
  await expect(page.getByText(/Finished and saved at step 2/)).toBeVisible({ timeout: 90_000 });

  await page.getByRole('button', { name: 'Export …' }).click();
  await page.getByRole('button', { name: 'Use the teacher in Derain' }).click();
  await expect(page.getByRole('main')).toContainText('Teacher, step 2');
  const queue = new DerainPage(page);
  await queue.choosePhotos([await rainyPhoto('holiday.png', 60, 80)]);
  await queue.finished();
  await queue.openModelFile(evenStudent('nine.safetensors', 9));
  await queue.openModelFile(evenStudent('nine.safetensors', 9));
  await expect(queue.student.locator('option', { hasText: 'nine' })).toHaveCount(1);
});
