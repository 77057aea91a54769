import { readFile } from 'node:fs/promises';
import { architectures } from '../src/core/architectures/registry.ts';
import type { ModelFile, WantedNetwork } from '../src/core/weights/modelFile.ts';
import { openModel } from '../src/core/weights/openModel.ts';

/** A model file as it is named on the command line. */
export interface ModelPath {
  readonly path: string;
  /** Which of the published networks that have the same arrays it holds. */
  readonly wanted?: WantedNetwork;
}

/** 'FILE', 'prenet-real=FILE' to say which published network a file holds, or 'umrl:stored=FILE' with a choice that it has. */
export function modelPath(text: string): ModelPath {
  const [, architecture, choice, path] = /^([a-z0-9-]+)(?::(\w+))?=(.+)$/s.exec(text) ?? [];
  if (path === undefined || !architectures().some(({ id }) => id === architecture)) return { path: text };
  return { path, wanted: { architecture: architecture!, ...(choice !== undefined && { choice }) } };
}

/** The model in a file; of a TensorFlow checkpoint either of its two. Rejects with an Error that names the file. */
export async function readModel({ path, wanted }: ModelPath): Promise<ModelFile> {
  const checkpoint = /^(.*)\.(?:index|data-00000-of-00001)$/.exec(path)?.[1];
  const paths = checkpoint === undefined ? [path] : [`${checkpoint}.index`, `${checkpoint}.data-00000-of-00001`];
  try {
    return openModel(await Promise.all(paths.map(async (file) => new Uint8Array(await readFile(file)))), wanted);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
