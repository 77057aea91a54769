import { create } from 'zustand';
import { importModelFiles } from '../../models/importModelFiles.ts';
import { checkpointName, groupModelFiles } from '../../models/modelFileNames.ts';
import { addModelFile, listedModelOf, nextFileId, useModels } from '../../models/registry.ts';
import { notify } from '../../ui/notices.ts';
import { MAX_MODELS } from '../run/state.ts';
import type { UserError } from '../run/state.ts';
import { chosenModels, dispatch, toggleModel } from './comparison.ts';
import { comparer, readNewModel } from './compareWorker.ts';
import { compareSettings } from './settings.ts';

interface ModelOpening {
  /** The file that is being read. */
  readonly reading: string | null;
  /** Files of the last choice that were refused. */
  readonly errors: readonly (UserError & { readonly name: string })[];
}

export const useModelOpening = create<ModelOpening>(() => ({ reading: null, errors: [] }));

let queue: Promise<void> = Promise.resolve();

/** Opens model files of any format that is read, and compares what is in them; one choice of files after the other. */
export function openModelFiles(files: readonly File[]): Promise<void> {
  queue = queue.then(async () => {
    useModelOpening.setState({ errors: [] });
    for (const group of groupModelFiles(files)) await openGroup(group);
    useModelOpening.setState({ reading: null });
  });
  return queue;
}

async function openGroup(group: readonly File[]): Promise<void> {
  const name = checkpointName(group);
  useModelOpening.setState({ reading: name });
  try {
    const opened = await importModelFiles(comparer, group);
    if (opened?.refused) await takeOtherwise(name, group, opened);
    else if (opened) await list(name, opened.file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    refuse(name, { reason, hint: 'Choose the file again.' });
  }
}

async function list(name: string, file: File): Promise<void> {
  const listed = await listedModelOf(file);
  if (listed) return choose(listed.id);
  const id = nextFileId();
  const summary = await readNewModel(id, file);
  if (summary.refused) return refuse(name, summary);
  await addModelFile(id, file, summary, true);
  choose(id);
}

function choose(id: string): void {
  const { comparable: models } = useModels.getState();
  const chosen = chosenModels(models, compareSettings().models);
  if (chosen.some((model) => model.id === id)) return;
  if (chosen.length < MAX_MODELS) return toggleModel(id);
  const title = models?.find((model) => model.id === id)?.title ?? id;
  notify({ text: `“${title}” is listed; ${MAX_MODELS} derainers are compared already. Take one out to compare it.` });
}

/** A file that holds no derainer may hold the weights of a metric. */
async function takeOtherwise(name: string, group: readonly File[], refused: UserError): Promise<void> {
  const [file] = group;
  if (group.length !== 1 || !/\.safetensors$/i.test(name) || (await comparer.loadLpips(file!)) !== null)
    return refuse(name, refused);
  tellLpips();
}

/** Takes weights for LPIPS; says what they are when these are none. */
export async function openLpips(file: File): Promise<void> {
  const error = await comparer.loadLpips(file);
  if (error) notify({ tone: 'bad', text: `“${file.name}”: ${error.reason} ${error.hint}` });
  else tellLpips();
}

function tellLpips(): void {
  dispatch({ type: 'metricsChanged' });
  notify({ text: 'LPIPS is measured now, on images of up to one megapixel with ground truth.', tone: 'good' });
}

function refuse(name: string, { reason, hint }: UserError): void {
  useModelOpening.setState(({ errors }) => ({ errors: [...errors, { name, reason, hint }] }));
}
