import { create } from 'zustand';
import type { TrainingConfig } from '../../../core/training/config.ts';
import type { UserError } from '../../../protocol/derainer.ts';
import { importModelFiles } from '../../models/importModelFiles.ts';
import type { ModelImporter } from '../../models/importModelFiles.ts';
import { checkpointName, groupModelFiles } from '../../models/modelFileNames.ts';
import { readModelFile } from '../../models/registry.ts';
import { notify } from '../../ui/notices.ts';
import { currentConfig, replaceConfig } from './currentSettings.ts';

/** In the setting `teacher`, before the name of a file that was chosen for this visit. */
const OPENED = 'opened:';

/** The files of a teacher that was chosen from the disk: one, or the two of a TensorFlow checkpoint. */
export const useTeacherFiles = create<{ readonly files: readonly File[] }>()(() => ({ files: [] }));

/** What the setting `teacher` says of those files. */
export function openedTeacher(files: readonly File[]): string | null {
  return files[0] ? OPENED + files[0].name : null;
}

/** Lets a model teach: an id of the list of models or `openedTeacher`; null trains F1 and F2 in the run. */
export function chooseTeacher(id: string | null): void {
  const { teacher: _, ...config } = currentConfig();
  const { mode } = config.hyperparameters;
  if (id !== null)
    replaceConfig({ ...config, teacher: id, hyperparameters: { ...config.hyperparameters, mode: 'student' } });
  else
    replaceConfig({
      ...config,
      hyperparameters: { ...config.hyperparameters, mode: mode === 'student' ? 'alternating' : mode },
    });
}

/** Lets a model in files from the disk teach. */
export function openTeacher(files: readonly File[]): void {
  useTeacherFiles.setState({ files });
  chooseTeacher(openedTeacher(files));
}

/** Reads model files of any format, asks what they do not say, and lets the first model in them teach. */
export async function importTeacher(importer: ModelImporter, files: readonly File[]): Promise<void> {
  const [group = []] = groupModelFiles(files);
  const name = checkpointName(group);
  const opened = /\.onnx$/i.test(name) ? ONNX_TEACHER : await importModelFiles(importer, group);
  if (opened?.refused) notify({ tone: 'bad', text: `“${name}”: ${opened.reason} ${opened.hint}` });
  else if (opened) openTeacher([opened.file]);
}

const ONNX_TEACHER: UserError = {
  refused: true,
  reason: 'An ONNX model cannot teach: only its results can be had, not its weights.',
  hint: 'Choose a student or teacher of ours, or a published network.',
};

/** The files of a config's teacher, or why there are none; undefined where F1 and F2 are trained in the run. */
export async function readTeacher({ teacher }: TrainingConfig): Promise<readonly Blob[] | UserError | undefined> {
  if (teacher === undefined) return undefined;
  if (!teacher.startsWith(OPENED)) {
    const file = await readModelFile(teacher);
    return 'refused' in file ? file : [file];
  }
  const { files } = useTeacherFiles.getState();
  if (openedTeacher(files) === teacher) return files;
  return {
    refused: true,
    reason: `The teacher ${teacher.slice(OPENED.length)} was opened in another visit.`,
    hint: 'Choose its file again, or another teacher.',
  };
}
