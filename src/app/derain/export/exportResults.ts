import { Zip, ZipPassThrough } from 'fflate';
import type { PhotoFormat } from '../../../protocol/derainer.ts';
import { whileDeraining } from '../../../browser/jobLocks.ts';
import { saveFile } from '../../ui/saveFile.ts';
import { dispatch, rerun, useQueue } from '../session/derainQueue.ts';
import { resultKey, standingResult, visibleResult } from '../queue/state.ts';
import type { Photo, UserError } from '../queue/state.ts';
import { useSaveChoice } from '../session/settings.ts';
import { derainer } from '../session/workerClient.ts';

const endings: Readonly<Record<PhotoFormat, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};

/** `rain.jpg` with the suffix `-derained` as PNG: `rain-derained.png`. */
export function resultName(name: string, suffix: string, format: PhotoFormat): string {
  const stem = name.replace(/\.[a-z0-9]{1,5}$/i, '') || 'photo';
  return `${stem}${cleanSuffix(suffix)}.${endings[format]}`;
}

/** The names with a number added where one comes again; two names differ in more than capitals. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    let candidate = name;
    for (let n = 2; taken.has(candidate.toLowerCase()); n++)
      candidate = `${name.slice(0, dot)} (${n})${name.slice(dot)}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

/** Without what file systems refuse. */
export function cleanSuffix(suffix: string): string {
  return suffix.replace(/[\\/:*?"<>|\p{Cc}]/gu, '').slice(0, 40);
}

export function resultFileName({ name }: Photo): string {
  const { suffix, format } = useSaveChoice.getState();
  return resultName(name, suffix, format);
}

/**
 * The result of a finished photo as a file: the one kept, else written from what the worker holds, else the kept one as
 * another kind of file (which decodes it, at four bytes a pixel), else computed once more.
 */
async function resultOf(photo: Photo): Promise<Blob | UserError> {
  const state = useQueue.getState();
  const standing = standingResult(state, photo);
  if (standing) return standing;
  const key = resultKey(state.settings);
  const visible = visibleResult(state, photo);
  let file = await encode(photo);
  if (!(file instanceof Blob) && visible?.type === 'image/png')
    file = await derainer.transcode({ result: visible, original: photo.file, ...fileKind() });
  if (!(file instanceof Blob)) {
    const error = await rerun(photo.id);
    file = error ?? (await encode(photo));
    dispatch({ type: 'rerunReleased', id: photo.id });
  }
  if (file instanceof Blob) dispatch({ type: 'resultKept', id: photo.id, key, file });
  return file;
}

/** From what the worker found, as the choice is now. */
async function encode({ id }: Photo): Promise<Blob | UserError> {
  const { model, strength } = useQueue.getState().settings;
  if (model === null) return { reason: 'There is no model to remove the rain with.', hint: 'Choose one first.' };
  return derainer.save({ photo: id, model, layer: { kind: 'derained', strength: strength / 100 }, ...fileKind() });
}

function fileKind(): { format: PhotoFormat; quality: number; metadata: 'keep' | 'strip' } {
  const { format, quality, keepMetadata } = useSaveChoice.getState();
  return { format, quality: quality / 100, metadata: keepMetadata ? 'keep' : 'strip' };
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
