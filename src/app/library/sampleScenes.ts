import type { DroppedFile } from '../../protocol/library.ts';
import { listSamples, readSample } from '../samples/samples.ts';
import { addFiles } from './libraryActions.ts';
import { useLibrary } from './libraryStore.ts';
import { importSummary } from './format.ts';

/** Whether samples ship with the page. */
export async function hasSampleScenes(): Promise<boolean> {
  return (await listSamples()).some((sample) => sample.clean !== null);
}

/**
 * Adds the samples to the Library, those without rain to Clean, the others to Rainy: enough to train with. They lie in folders of
 * their own so that they are not taken for pairs: a scene held out for validation would otherwise be trained on as well.
 * Rejects, with a message for the person, when a file cannot be fetched or none could be stored.
 */
export async function addSampleScenes(): Promise<void> {
  const samples = (await listSamples()).filter((sample) => sample.clean !== null);
  const scenes = await Promise.all(samples.map(readSample)).catch(() => {
    throw new Error('The samples could not be fetched. Check the connection and try again.');
  });
  const files = scenes.flatMap(({ name, file, truth }): DroppedFile[] => [
    ...(truth ? [{ path: `rain-free scenes/clean/${name}`, file: new File([truth], name) }] : []),
    { path: `rainy scenes/rainy/${name}`, file: new File([file], name) },
  ]);
  await addFiles(files, 'clean');
  const { lastImport } = useLibrary.getState();
  if (lastImport && lastImport.accepted + lastImport.duplicates === 0) throw new Error(importSummary(lastImport));
}
