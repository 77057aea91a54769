import type { DroppedFile } from '../../browser/library/sourceFile.ts';
import { addPhotos } from './desk.ts';
import { isLitter } from './queue.ts';
import { takeModelFile } from './takeModelFile.ts';

/** Takes what was dropped, pasted or chosen: photos onto the desk, model files onto the shelf. */
export function takeFiles(files: readonly DroppedFile[]): void {
  const isModel = ({ file }: DroppedFile): boolean => /\.safetensors$/i.test(file.name);
  const photos = files.filter((file) => !isModel(file) && !isLitter(file.file.name));
  addPhotos(photos.map(({ file }) => ({ name: file.name, file })));
  for (const { file } of files.filter(isModel)) void takeModelFile(file);
}
