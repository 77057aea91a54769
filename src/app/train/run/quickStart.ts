import { presets } from '../../../core/training/config.ts';
import { withValue } from '../../../core/training/settingValues.ts';
import { addSampleScenes } from '../../library/sampleScenes.ts';
import { currentConfig, replaceConfig } from './currentSettings.ts';
import { countLibrary, missingImages } from './libraryCounts.ts';
import { startTraining } from './trainer.ts';

/** Adds the samples to the Library and counts again. Rejects with a message for the person when that failed. */
export async function addSamples(): Promise<void> {
  await addSampleScenes();
  await countLibrary();
}

/**
 * The first visitor's journey: the samples where the Library lacks images, the smallest preset, previews that
 * follow each other quickly. Resolves when the run has begun or could not.
 */
export async function watchItLearn(): Promise<void> {
  if (missingImages(await countLibrary())) await addSamples();
  const changes = { 'run.previewEvery': 10, 'run.validateEvery': 50, 'data.heldOut': 2 };
  const config = Object.entries(changes).reduce(
    (changed, [path, value]) => withValue(changed, path, value),
    presets.quick,
  );
  replaceConfig(config);
  void startTraining('fresh', currentConfig());
}
