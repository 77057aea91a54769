/** What the names of files say of models in them. */

const MODEL_FILE = /\.(safetensors|pth|pt|caffemodel|mat|onnx|index)$|\.data-\d+-of-\d+$/i;

/** For a file chooser; the names of a checkpoint's data files have no ending that a chooser knows. */
export const MODEL_FILES = '.safetensors,.onnx,.pth,.pt,.caffemodel,.mat,.index,.data-00000-of-00001';

/** Whether a file is meant as a model, rather than as an image. */
export function isModelFile(name: string): boolean {
  return MODEL_FILE.test(name);
}

/** Files that make up one model each: an `.index` goes with its `.data-…` of the same name, all others are alone. */
export function groupModelFiles<Named extends { readonly name: string }>(files: readonly Named[]): Named[][] {
  const groups = new Map<string, Named[]>();
  for (const file of files) {
    const stem = /^(.*)\.(?:index|data-\d+-of-\d+)$/i.exec(file.name)?.[1];
    const key = stem === undefined ? `${groups.size} alone` : `checkpoint ${stem}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()];
}

/** The name of files that make up one model. */
export function checkpointName(group: readonly { readonly name: string }[]): string {
  return (group.find(({ name }) => /\.index$/i.test(name)) ?? group[0]!).name;
}

/** What a model is called: the network before the name, where the file does not say it is one of ours. */
export function modelTitle(name: string, network: string | null): string {
  const stem = name.replace(MODEL_FILE, '') || name;
  return network === null ? stem : `${network} · ${stem}`;
}
