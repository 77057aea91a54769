import { presets } from '../../core/training/config.ts';
import { replaceSettings } from '../shell/route.ts';
import { settingsOfConfig, withValue } from './settings/settingKeys.ts';
import { chosenConfig, startTraining } from './trainer.ts';

/** The first visitor's journey: the smallest preset, and previews that follow each other quickly. */
export async function watchItLearn(): Promise<void> {
  let config = withValue(presets.quick, 'run.previewEvery', 10);
  config = withValue(config, 'run.validateEvery', 50);
  replaceSettings('train', settingsOfConfig(config));
  await startTraining('fresh', chosenConfig());
}
