import { presets } from '../../../core/training/config.ts';
import { withValue } from '../../../core/training/settingValues.ts';
import { addSampleScenes } from '../../library/sampleScenes.ts';
import { currentConfig, replaceConfig } from './currentSettings.ts';
import { countLibrary, missingImages } from './libraryCounts.ts';
import { startTraining } from './trainer.ts';

/** Puts the sample scenes on the library's shelves and counts again. Rejects when they cannot be fetched. */
export async function addSamples(): Promise<void> {
  await addSampleScenes();
  await countLibrary();
}

/**
 * The first visitor's journey: the sample scenes where the library lacks pictures, the smallest preset, previews that
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
