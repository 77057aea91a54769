import { resolve, sep } from 'node:path';
import type { Pixels } from '../src/core/images/pixels.ts';
import { backendChoices, startBackend } from './backend.ts';
import { derainPhoto, loadModel } from './derainPhoto.ts';
import { modelPath } from './modelPath.ts';
import { choiceOption, wholeOption } from './options.ts';
import type { Progress } from './progress.ts';

/** A model that is evaluated. */
export interface EvaluationModel {
  /** Unique among the models of a table. */
  readonly name: string;
  readonly role: 'student' | 'teacher';
  readonly parameters: number;
  /** The derained image, and the rain map that a teacher found. */
  derain(image: Pixels): Promise<{ readonly derained: Pixels; readonly rainMap: Pixels | null }>;
}

/** What the options say of models and of the backend to run them on. */
export interface ModelOptions {
  readonly model: readonly string[];
  readonly student: readonly string[];
  readonly teacher: readonly string[];
  readonly ensemble: boolean;
  readonly backend: string | undefined;
  readonly threads: string | undefined;
}

/** Models that are ready to run. */
export interface OpenedModels {
  readonly models: readonly EvaluationModel[];
  /** Throws Error once the device has failed: what it computed since cannot be trusted. */
  throwIfFailed(): void;
}

/** The models of the options, on the backend that they choose; without models no backend is started. Rejects with an Error that names the file. */
export async function openModels(options: ModelOptions, progress: Progress): Promise<OpenedModels> {
  const backend = choiceOption('backend', options.backend ?? 'auto', backendChoices);
  const threads = options.threads === undefined ? undefined : wholeOption('threads', options.threads, 1, 256);
  const files = [...options.model, ...options.student, ...options.teacher];
  let failure: string | null = null;
  if (files.length > 0) {
    const device = await startBackend(backend, threads, (reason) => {
      failure = reason;
    });
    progress.say(`Computing by ${device}`);
  }
  return {
    models: await loadModels(files, options.ensemble),
    throwIfFailed: () => {
      if (failure !== null) throw new Error(`The graphics device failed: ${failure}`);
    },
  };
}

/** Loads models of any kind that a model file can hold, each once, on the current backend. Rejects with an Error that names the file. */
async function loadModels(files: readonly string[], ensemble: boolean): Promise<EvaluationModel[]> {
  const wanted = new Map(files.map((file) => [resolve(modelPath(file).path), modelPath(file)]));
  const names = modelNames([...wanted.keys()]);
  const models: EvaluationModel[] = [];
  for (const [i, path] of [...wanted.values()].entries()) {
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
