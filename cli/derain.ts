import { join } from 'node:path';
import { backendChoices, startBackend } from './backend.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { derainPhoto, loadModel } from './derainPhoto.ts';
import { modelPath } from './modelPath.ts';
import { loadOnnx, onnxOptions } from './onnxModel.ts';
import { choiceOption, numberOption, readOptions, required, wholeOption } from './options.ts';
import { refuseOverwriting } from './overwriting.ts';
import { gatherPhotos, photoFormats, readPhoto, writePhoto } from './photos.ts';
import { createProgress } from './progress.ts';

export const derainCommand: Command = {
  help: `
Removes the rain from photos.

Usage: npm run petrichor -- derain IN… --out DIR --model FILE

  IN…               photos, or folders of photos
  --out DIR         where the results go, under the names of the photos; what is in a folder of photos is never overwritten
  --model FILE      a student, a teacher or a published network (see 'peers'); --student says the same
  --strength 1      how much of the rain to take: 0 none, 1 all that was found, up to 1.5
  --ensemble        the mean over eight turns of the photo: a little better, eight times slower
  --format png      png, jpg or webp
  --backend auto    ${backendChoices.join(', ')}
  --threads N       threads of WASM
  --range, --multiple 8, --tile 512   of an ONNX model: its numbers (0..1, 0..255, -1..1; where the file does not say), what its
                    sides are multiples of, and the side of its tiles
  --json            one JSON line per photo on the standard output
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, {
      out: 'text',
      model: 'text',
      student: 'text',
      strength: 'text',
      ensemble: 'flag',
      format: 'text',
      backend: 'text',
      threads: 'text',
      json: 'flag',
      ...onnxOptions,
    });
    if (rest.length === 0) throw new UsageError('Which photos? Name files or folders.');
    const out = required('out', values.out);
    const student = required('model', values.model ?? values.student);
    const strength = numberOption('strength', values.strength ?? '1', 0, 1.5);
    const format = choiceOption('format', values.format ?? 'png', photoFormats);
    const backend = choiceOption('backend', values.backend ?? 'auto', backendChoices);
    const threads = values.threads === undefined ? undefined : wholeOption('threads', values.threads, 1, 256);
    const photos = await gatherPhotos(rest);
    if (photos.length === 0) throw new Error(`No photos in ${rest.join(', ')}.`);
    const twice = photos.find(({ stem }, i) => photos.findIndex((other) => other.stem === stem) < i);
    if (twice) throw new Error(`Two photos are called ${twice.stem}; derain them into different folders.`);
    const targetOf = (stem: string): string => join(out, `${stem}.${format}`);
    refuseOverwriting(
      photos.map(({ stem }) => targetOf(stem)),
      photos.map(({ path }) => path),
    );

    const progress = createProgress();
    let deviceError: string | null = null;
    progress.say(
      `Computing by ${await startBackend(backend, threads, (reason) => {
        deviceError = reason;
      })}`,
    );
    const model = (await loadOnnx(student, values)) ?? (await loadModel(modelPath(student), values.ensemble));
    let failures = 0;
    for (const [i, { stem, path }] of photos.entries()) {
      progress.update(i, photos.length, stem);
      const target = targetOf(stem);
      try {
        const image = await readPhoto(path);
        const started = performance.now();
        const { derained } = await derainPhoto(model, image, strength);
        if (deviceError !== null) throw new Error(`The graphics device failed: ${deviceError}`);
        const milliseconds = Math.round(performance.now() - started);
        await writePhoto(target, derained);
        if (values.json)
          console.log(
            JSON.stringify({ photo: path, out: target, width: image.width, height: image.height, milliseconds }),
          );
      } catch (error) {
        failures += 1;
        progress.say(error instanceof Error ? error.message : String(error));
        if (deviceError !== null) return 1;
      }
    }
    progress.update(photos.length, photos.length, 'done');
    progress.end();
    return failures === 0 ? 0 : 1;
  },
};
