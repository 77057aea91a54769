/** What the names of files say of models in them. */

const MODEL_FILE = /\.(safetensors|pth|pt|caffemodel|mat|onnx|index)$|\.data-\d+-of-\d+$/i;

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

/** What a model is called: the network before the name, where the file does not say it is one of ours. */
export function modelTitle(name: string, network: string | null): string {
  const stem = name.replace(MODEL_FILE, '') || name;
  return network === null ? stem : `${network} · ${stem}`;
}
