import { presets } from '../../core/training/config.ts';
import { addSampleScenes } from '../../browser/library/sampleScenes.ts';
import { replaceSettings } from '../shell/route.ts';
import { settingsOfConfig, withValue } from './settings/settingKeys.ts';
import { countShelves, missingPictures } from './shelfCounts.ts';
import { chosenConfig, startTraining } from './trainer.ts';

/** Puts the sample scenes on the library's shelves and counts again. */
export async function takeSampleScenes(): Promise<void> {
  await addSampleScenes();
  await countShelves();
}

/**
 * The first visitor's journey: the sample scenes where the library lacks pictures, the smallest preset, and previews that follow
 * each other quickly.
 */
export async function watchItLearn(): Promise<void> {
  if (missingPictures(await countShelves())) await takeSampleScenes();
  let config = withValue(presets.quick, 'run.previewEvery', 10);
  config = withValue(config, 'run.validateEvery', 50);
  replaceSettings('train', settingsOfConfig(config));
  await startTraining('fresh', chosenConfig());
}
