import { Zip, ZipPassThrough } from 'fflate';
import type { FileKind } from '../../../protocol/derainer.ts';
import { whileDeraining } from '../../../browser/jobLocks.ts';
import { saveFile } from '../../ui/saveFile.ts';
import { dispatch, rerun, useQueue } from '../session/derainQueue.ts';
import { useModels } from '../../models/registry.ts';
import { outputFormat, resultKey, standingResult, transcodableResult } from '../queue/resultFile.ts';
import { resultLayer, setupOf } from '../queue/state.ts';
import type { Photo, UserError } from '../queue/state.ts';
import { useSaveChoice } from '../session/settings.ts';
import { derainer } from '../session/workerClient.ts';
import { distinctNames, resultName } from '../../export/resultName.ts';

/** The name under which a photo's result is saved now. */
export function resultFileName(photo: Photo): string {
  const { settings, photos } = useQueue.getState();
  const { model, strength } = setupOf(settings, photo);
  const title = useModels.getState().models?.find(({ id }) => id === model)?.title ?? 'model';
  return resultName(useSaveChoice.getState().pattern, outputFormat(settings.save, photo), {
    name: photo.name,
    model: title,
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

/** Whether the system takes images to hand them to other apps. */
export function canShareFiles(): boolean {
  const probe = new File([], 'photo.png', { type: 'image/png' });
  return navigator.canShare?.({ files: [probe] }) ?? false;
}

/** Shares a result with another app. Null when that worked or was called off, else what went wrong. */
export async function shareResult(photo: Photo): Promise<UserError | null> {
  const result = await resultOf(photo);
  if (!(result instanceof Blob)) return result;
  const file = new File([result], resultFileName(photo), { type: result.type });
  try {
    await navigator.share({ files: [file] });
  } catch (error) {
    if (isAbort(error)) return null;
    return { reason: 'The system did not take the image.', hint: 'Download it instead.' };
  }
  return null;
}

/** Where all results go, one after another. */
export interface ExportTarget {
  write(name: string, file: Blob): Promise<void>;
  finish(): Promise<void>;
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

/** A zip that is saved as a download. Images are packed already, so it only puts them one behind another. */
export function zipTarget(): ExportTarget {
  const parts: Blob[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error) failure = error;
    else parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>])); // The browser may keep blobs on disk.
  });
  return {
    async write(name, file) {
      const entry = new ZipPassThrough(name);
      zip.add(entry);
      entry.push(new Uint8Array(await file.arrayBuffer()), true);
    },
    async finish() {
      zip.end();
      if (failure) throw failure;
      saveFile(new Blob(parts, { type: 'application/zip' }), 'derained.zip');
    },
  };
}

interface FolderWindow {
  showDirectoryPicker?(options: { readonly mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

export function canSaveToFolder(): boolean {
  return typeof (globalThis as FolderWindow).showDirectoryPicker === 'function';
}

/** A folder of the person's choice; null when none was chosen. Call it in a click. */
export async function chooseFolder(): Promise<ExportTarget | null> {
  try {
    const folder = await (globalThis as FolderWindow).showDirectoryPicker!({ mode: 'readwrite' });
    return {
      async write(name, file) {
        const handle = await folder.getFileHandle(name, { create: true });
        const stream = await handle.createWritable();
        await stream.write(file);
        await stream.close();
      },
      async finish() {},
    };
  } catch (error) {
    if (isAbort(error)) return null;
    throw error;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
