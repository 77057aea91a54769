import type { Page } from 'playwright';

/** The address of an experiment: variants as 'name:settings;…', settings of its base by their keys. */
export function labLink(experiment: {
  readonly title: string;
  readonly variants: string;
  readonly base: Readonly<Record<string, string>>;
}): string {
  const { title, variants, base } = experiment;
  const settings = new URLSearchParams({
    part: 'experiments',
    'x.title': title,
    'x.variants': variants,
    'x.seeds': '1',
  });
  for (const [key, value] of Object.entries(base)) settings.set(`x.base.${key}`, value);
  return `/#/lab?${settings.toString()}`;
}

/** Fills an empty Library with the samples. */
export async function addSamples(page: Page): Promise<void> {
  await page.goto('/#/train');
  await page.getByRole('button', { name: 'Use the samples' }).click();
  await page.getByRole('button', { name: 'Start training' }).waitFor({ timeout: 120_000 });
}

/** Steps of every run of the experiment on screen, by the run's name. */
export async function stepsByRun(page: Page): Promise<Map<string, number>> {
  const items = await page.getByRole('list', { name: 'Runs of the experiment' }).getByRole('listitem').all();
  const texts = await Promise.all(items.map((item) => item.innerText()));
  return new Map(
    texts.map((text) => {
      const [, name, steps] = /^(.*?)\s*\n?\s*([\d,]+) of/s.exec(text)!;
      return [name!.trim(), Number(steps!.replaceAll(',', ''))];
    }),
  );
}

/** Steps of all runs together. */
export function sumOf(steps: ReadonlyMap<string, number>): number {
  return [...steps.values()].reduce((sum, step) => sum + step, 0);
}
