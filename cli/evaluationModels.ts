import { resolve, sep } from 'node:path';
import type { Pixels } from '../src/core/images/pixels.ts';
import { derainPhoto, loadModel } from './derainPhoto.ts';

/** A model that is evaluated. */
export interface EvaluationModel {
  /** Unique among the models of a table. */
  readonly name: string;
  readonly role: 'student' | 'teacher';
  readonly parameters: number;
  /** The derained image, and the rain map that a teacher found. */
  derain(image: Pixels): Promise<{ readonly derained: Pixels; readonly rainMap: Pixels | null }>;
}

/** Loads models of any kind that a model file can hold, each once, on the current backend. Rejects with an Error that names the file. */
export async function loadEvaluationModels(files: readonly string[], ensemble: boolean): Promise<EvaluationModel[]> {
  const paths = [...new Set(files.map((file) => resolve(file)))];
  const names = modelNames(paths);
  const models: EvaluationModel[] = [];
  for (const [i, path] of paths.entries()) {
    const model = await loadModel(path, ensemble);
    const { role, parameters } = model;
    models.push({ name: names[i]!, role, parameters, derain: (image) => derainPhoto(model, image, 1) });
  }
  return models;
}

/** Names of model files without their ending: as short as tells them apart ('swift'; 'runs/a/student' beside 'runs/b/student' are 'a/student' and 'b/student'). */
export function modelNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    resolve(path)
      .replace(/\.[^.]*$/, '')
      .split(sep),
  );
  const depth = Math.max(...parts.map(({ length }) => length));
  const taken = (own: readonly string[], count: number): boolean =>
    parts.filter((other) => other.slice(-count).join('/') === own.slice(-count).join('/')).length > 1;
  return parts.map((own) => {
    let count = 1;
    while (count < depth && taken(own, count)) count++;
    return own.slice(-count).join('/');
  });
}
