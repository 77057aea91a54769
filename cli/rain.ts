import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageOf, rgbOf } from '../src/core/images/tensors.ts';
import { rainPresetNames, sampleRecipe } from '../src/core/rain/presets.ts';
import { makeRainyPair } from '../src/core/rain/rainyPair.ts';
import { drawRain } from '../src/core/rain/streaks.ts';
import { randomFromSeed } from '../src/core/random.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { choiceOption, readOptions, required, wholeOption } from './options.ts';
import { refuseOverwriting } from './overwriting.ts';
import { gatherPhotos, readPhoto, writePhoto } from './photos.ts';
import { createProgress } from './progress.ts';

const presetChoices = [...rainPresetNames, 'all'] as const;

export const rainCommand: Command = {
  help: `
Draws rain over clean photos and writes pairs in RainDirection's layout: latent/ (clean), rainy/, streak/ (the rain map) and
direction/direction.txt (an angle in degrees for each image in the order of their names; 0 to the right, 90 vertical).

Usage: npm run petrichor -- rain --clean DIR… --out DIR

  --clean DIR…     clean photos, or folders of them
  --out DIR        where the pairs go
  --preset all     ${presetChoices.join(', ')} (each in turn)
  --seed 1         the same seed draws the same rain
  --copies 1       pairs made of each photo
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, {
      clean: 'list',
      out: 'text',
      preset: 'text',
      seed: 'text',
      copies: 'text',
    });
    if (rest.length) throw new UsageError(`What is '${rest[0]}' for? Folders follow --clean.`);
    const out = required('out', values.out);
    const preset = choiceOption('preset', values.preset ?? 'all', presetChoices);
    const random = randomFromSeed(wholeOption('seed', values.seed ?? '1', 0, 2 ** 32 - 1)).split('rain');
    const copies = wholeOption('copies', values.copies ?? '1', 1, 1000);
    if (values.clean.length === 0) throw new UsageError('--clean is missing.');
    const photos = await gatherPhotos(values.clean);
    if (photos.length === 0) throw new Error(`No photos in ${values.clean.join(', ')}.`);

    const total = photos.length * copies;
    const nameOf = (i: number): string => `${String(i + 1).padStart(String(total).length, '0')}.png`;
    refuseOverwriting(
      Array.from({ length: total }, (_, i) =>
        ['latent', 'rainy', 'streak'].map((half) => join(out, half, nameOf(i))),
      ).flat(),
      photos.map(({ path }) => path),
    );
    const progress = createProgress();
    const angles: string[] = [];
    for (let i = 0; i < total; i++) {
      const { stem, path } = photos[Math.floor(i / copies)]!;
      progress.update(i, total, stem);
      const clean = await readPhoto(path);
      const { width, height } = clean;
      const own = random.split(i);
      const recipe = sampleRecipe(preset === 'all' ? rainPresetNames[i % rainPresetNames.length]! : preset, own);
      const pair = makeRainyPair(rgbOf(clean), drawRain(recipe, width, height), recipe.veil);
      const name = nameOf(i);
      await writePhoto(join(out, 'latent', name), clean);
      await writePhoto(join(out, 'rainy', name), imageOf(pair.rainy, width, height));
      await writePhoto(join(out, 'streak', name), imageOf(pair.rainMap, width, height));
      angles.push((recipe.direction * 10).toFixed(1));
    }
    await mkdir(join(out, 'direction'), { recursive: true });
    await writeFile(join(out, 'direction', 'direction.txt'), `${angles.join('\n')}\n`);
    progress.update(total, total, 'done');
    progress.end();
    return 0;
  },
};
