import { useEffect, useState } from 'react';
import type { FileKind } from '../../../protocol/derainer.ts';
import { whileDeraining } from '../../../browser/jobLocks.ts';
import { saveFile } from '../../ui/saveFile.ts';
import { dispatch, rerun, useQueue } from './derainQueue.ts';
import { useModels } from '../../models/registry.ts';
import { resultKey, standingResult, transcodableResult } from '../queue/resultFile.ts';
import { resultLayer, setupOf } from '../queue/state.ts';
import type { Photo, UserError } from '../queue/photo.ts';
import { useSaveChoice } from '../../export/saveChoice.ts';
import { outputFormat } from '../../export/saveFormat.ts';
import { shareFile } from '../../export/targets.ts';
import type { ExportTarget } from '../../export/targets.ts';
import { derainer } from './workerClient.ts';
import { distinctNames, resultName } from '../../export/resultName.ts';

const unknownModel = { title: 'model', role: 'student' } as const;

/** The name under which a photo's result is saved now. */
export function resultFileName(photo: Photo): string {
  const { settings, photos } = useQueue.getState();
  const { model, strength } = setupOf(settings, photo);
  const { title, role } = useModels.getState().models?.find(({ id }) => id === model) ?? unknownModel;
  return resultName(useSaveChoice.getState().pattern, outputFormat(settings.save, photo), {
    name: photo.name,
    model: title,
    role,
    strength,
    number: photos.findIndex(({ id }) => id === photo.id) + 1,
  });
}

/**
 * The result of a finished photo as a file: the one kept, else written from what the worker holds, else the kept one as
 * another kind of file (which decodes it, at four bytes a pixel); null when it would have to be computed once more.
 */
export async function writtenResult(photo: Photo): Promise<Blob | null> {
  const state = useQueue.getState();
  const standing = standingResult(state, photo);
  if (standing) return standing;
  const key = resultKey(state.settings, photo);
  const kept = transcodableResult(state, photo);
  let file = await encode(photo);
  if (!(file instanceof Blob) && kept)
    file = await derainer.transcode({ result: kept, original: photo.file, ...fileKind(photo) });
  if (!(file instanceof Blob)) return null;
  dispatch({ type: 'resultKept', id: photo.id, key, file });
  return file;
}

/** The result as a file; computed once more where neither the queue nor the worker has it. */
async function resultOf(photo: Photo): Promise<Blob | UserError> {
  const written = await writtenResult(photo);
  if (written) return written;
  const key = resultKey(useQueue.getState().settings, photo);
  const error = await rerun(photo.id);
  const file = error ?? (await encode(photo));
  dispatch({ type: 'rerunReleased', id: photo.id });
  if (file instanceof Blob) dispatch({ type: 'resultKept', id: photo.id, key, file });
  return file;
}

/** From what the worker found, as the choice is now. */
async function encode(photo: Photo): Promise<Blob | UserError> {
  const state = useQueue.getState();
  const { model } = setupOf(state.settings, photo);
  if (model === null) return { reason: 'There is no model to remove the rain with.', hint: 'Choose one first.' };
  return derainer.save({ photo: photo.id, model, layer: resultLayer(state, photo), ...fileKind(photo) });
}

function fileKind(photo: Photo): FileKind {
  const { save } = useQueue.getState().settings;
  return {
    format: outputFormat(save, photo),
    quality: save.quality / 100,
    metadata: save.keepMetadata ? 'keep' : 'strip',
  };
}

/** Saves a result as a download. Null when that worked, else what went wrong. */
export async function downloadResult(photo: Photo): Promise<UserError | null> {
  const file = await resultOf(photo);
  if (!(file instanceof Blob)) return file;
  saveFile(file, resultFileName(photo));
  return null;
}

/** Shares a result with another app. Null when that worked or was called off, else what went wrong. */
export async function shareResult(photo: Photo): Promise<UserError | null> {
  const result = await resultOf(photo);
  if (!(result instanceof Blob)) return result;
  return (await shareFile(result, resultFileName(photo)))
    ? null
    : { reason: 'The system did not take the image.', hint: 'Download it instead.' };
}

/** Writes every result that is done. `onShare` hears how far it is, 0…1. What went wrong, or null. */
export function exportAll(target: ExportTarget, onShare: (share: number) => void): Promise<UserError | null> {
  return whileDeraining(async () => {
    const photos = useQueue.getState().photos.filter(({ state }) => state === 'done');
    const names = distinctNames(photos.map(resultFileName));
    const missed: string[] = [];
    for (const [i, photo] of photos.entries()) {
      const file = await resultOf(photo);
      if (file instanceof Blob) await target.write(names[i]!, file);
      else missed.push(photo.name);
      onShare((i + 1) / photos.length);
    }
    await target.finish();
    return missed.length
      ? { reason: `Not written: ${missed.join(', ')}.`, hint: 'Look at each of them and try again.' }
      : null;
  });
}

/** A slider that is dragged writes one file, when it rests so long; milliseconds. */
const REST_MS = 400;

/**
 * The file of a finished photo as it would be saved now, written ahead, so that its size and what its quality does are known
 * before. Null while it is being written, or where the photo would have to be derained once more for it.
 */
export function useWrittenResult(photo: Photo): { readonly file: Blob | null; readonly isWriting: boolean } {
  const file = useQueue((state) => standingResult(state, photo));
  const key = useQueue(({ settings }) => resultKey(settings, photo));
  const isKept = useQueue(({ encoding }) => encoding[photo.id] === key);
  const wanted = `${photo.id} ${key}`;
  /** What was tried last, and whether it is still under way. */
  const [tried, setTried] = useState({ wanted: '', isOver: true });
  const isDue = photo.state === 'done' && file === null && !isKept && tried.isOver && tried.wanted !== wanted;

  useEffect(() => {
    if (!isDue) return;
    const timer = setTimeout(() => {
      setTried({ wanted, isOver: false });
      const over = (): void => setTried({ wanted, isOver: true });
      void writtenResult(photo).then(over, over);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [isDue, wanted, photo]);

  return { file, isWriting: file === null && (isDue || isKept || !tried.isOver) };
}
