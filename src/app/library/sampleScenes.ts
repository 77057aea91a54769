import type { DroppedFile } from '../../browser/library/sourceFile.ts';
import { listSamples, readSample } from '../samples/samples.ts';
import { addFiles } from './libraryActions.ts';

/** Whether the page brings sample scenes along. */
export async function hasSampleScenes(): Promise<boolean> {
  return (await listSamples()).some((sample) => sample.clean !== null);
}

/**
 * Puts the sample scenes into the library, dry ones on Clean, wet ones on Rainy: enough to train with. They lie in folders of their
 * own so that they are not taken for pairs: a scene held out for validation would otherwise be trained on as well.
 * Rejects when a file cannot be reached.
 */
export async function addSampleScenes(): Promise<void> {
  const samples = (await listSamples()).filter((sample) => sample.clean !== null);
  const scenes = await Promise.all(samples.map(readSample));
  const files = scenes.flatMap(({ name, file, truth }): DroppedFile[] => [
    ...(truth ? [{ path: `dry scenes/clean/${name}`, file: new File([truth], name) }] : []),
    { path: `wet scenes/rainy/${name}`, file: new File([file], name) },
  ]);
  await addFiles(files, 'clean');
}
