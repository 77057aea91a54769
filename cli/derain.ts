import { backendChoices, startBackend } from './backend.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { derainPhoto, loadModel } from './derainPhoto.ts';
import { modelPath } from './modelPath.ts';
import { loadOnnx, onnxOptions } from './onnxModel.ts';
import { choiceOption, numberOption, readOptions, required, wholeOption } from './options.ts';
import { refuseOverwriting } from './overwriting.ts';
import { gatherPhotos, openPhoto } from './photos.ts';
import { createProgress } from './progress.ts';
import { encodeResult, resultFormats } from './resultFile.ts';
import type { LostPart, ResultFile, ResultFormat } from './resultFile.ts';
import { targetsOf } from './targets.ts';
import { writeWhole } from './writeWhole.ts';

export const derainCommand: Command = {
  help: `
Removes the rain from photos.

Usage: npm run petrichor -- derain IN… --out DIR --model FILE

  IN…               photos, or folders of photos: JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF, by their content; animations are refused
  --out DIR         where the results go, under the names of the photos; of one photo also the file itself, such as result.png.
                    A photo, and what lies beside it in its folder, is never overwritten
  --model FILE      a student, a teacher or a published network (see 'peers'); --student says the same
  --strength 1      how much of the rain to take: 0 none, 1 all that was found, up to 1.5
  --ensemble        the mean over eight turns of the photo: a little better, eight times slower
  --format same     ${resultFormats.join(', ')}, or that of the photo (of HEIC jpg, of others png where it is none of these). A PNG of 16 bits a channel, and
                    a HEIC of more than 8, keep them in a png; all other results have 8
  --quality 95      of JPEG and WebP, 1 to 100
  --metadata keep   EXIF, XMP, IPTC and the texts of a PNG go with the result, orientation and sides put right; strip leaves them
                    out. The colour profile always stays. What a format cannot hold is said
  --backend auto    ${backendChoices.join(', ')}
  --threads N       threads of WASM
  --range, --multiple 8, --tile 512   of an ONNX model: its numbers (0..1, 0..255, -1..1; where the file does not say), what its
                    sides are multiples of, and the side of its tiles
  --json            one JSON line per photo on the standard output ('npm run -s' keeps npm's own lines out of it)
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, {
      out: 'text',
      model: 'text',
      student: 'text',
      strength: 'text',
      ensemble: 'flag',
      format: 'text',
      quality: 'text',
      metadata: 'text',
      backend: 'text',
      threads: 'text',
      json: 'flag',
      ...onnxOptions,
    });
    if (rest.length === 0) throw new UsageError('Which photos? Name files or folders.');
    const out = required('out', values.out);
    const student = required('model', values.model ?? values.student);
    const strength = numberOption('strength', values.strength ?? '1', 0, 1.5);
    const wanted = choiceOption('format', values.format ?? 'same', [...resultFormats, 'same']);
    const choice = {
      quality: wholeOption('quality', values.quality ?? '95', 1, 100),
      metadata: choiceOption('metadata', values.metadata ?? 'keep', ['keep', 'strip']),
    };
    const backend = choiceOption('backend', values.backend ?? 'auto', backendChoices);
    const threads = values.threads === undefined ? undefined : wholeOption('threads', values.threads, 1, 256);
    const progress = createProgress();
    const photos = await gatherPhotos(rest, progress.say);
    if (photos.length === 0) throw new Error(`No photos in ${rest.join(', ')}.`);
    const targets = await targetsOf(photos, out, wanted);
    refuseOverwriting(
      targets.map(({ target }) => target),
      photos.map(({ path }) => path),
    );

    let deviceError: string | null = null;
    progress.say(
      `Computing by ${await startBackend(backend, threads, (reason) => {
        deviceError ??= reason;
      })}`,
    );
    const model = (await loadOnnx(student, values)) ?? (await loadModel(modelPath(student), values.ensemble));
    let failures = 0;
    for (const [i, { path, target, format }] of targets.entries()) {
      progress.update(i, photos.length, path);
      try {
        const photo = await openPhoto(path, { colors: 'file' });
        const started = performance.now();
        const deepRows = format === 'png' ? (photo.deepRows?.() ?? null) : null;
        const { derained, residuals } = await derainPhoto(model, photo.pixels, strength, deepRows !== null);
        if (deviceError !== null) throw new Error(`The graphics device failed: ${deviceError}`);
        const milliseconds = Math.round(performance.now() - started);
        const deep = deepRows && { rows: deepRows, residuals, strength };
        const file = await encodeResult(derained, photo, { ...choice, format }, deep);
        await writeWhole([target, file.bytes]);
        if (wanted === 'same' && photo.type === 'image/heic')
          progress.say(`${path}: no HEIC is written; the result is a ${format} file.`);
        for (const line of lossLines(path, file, format)) progress.say(line);
        const { width, height } = derained;
        const { kept, lost } = file;
        if (values.json)
          console.log(JSON.stringify({ photo: path, out: target, width, height, milliseconds, kept, lost }));
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

/** What of a photo's file its result lacks. */
function lossLines(path: string, { lost }: ResultFile, format: ResultFormat): string[] {
  const beside = lost.filter((part) => /map|video/.test(part));
  const isShallow = lost.includes('over 8 bits a channel');
  const told: readonly LostPart[] = ['transparency', 'over 8 bits a channel', ...beside];
  const parts = lost.filter((part) => !told.includes(part));
  return [
    ...(beside.length > 0 ? [`${path}: ${beside.join(', ')} left out, which no result holds.`] : []),
    ...(parts.length > 0 ? [`${path}: ${parts.join(', ')} left out, which a ${format} file has no place for.`] : []),
    ...(isShallow ? [`${path}: the photo has over 8 bits a channel, its result 8.`] : []),
    ...(lost.includes('transparency') ? [`${path}: a jpg file has no transparency; the image lies on white.`] : []),
  ];
}
