import { readFile } from 'node:fs/promises';
import type { Pixels } from '../src/core/images/pixels.ts';
import { rgbOf } from '../src/core/images/tensors.ts';
import { adaptStudent } from '../src/core/training/adapt.ts';
import type { AdaptEvent } from '../src/core/training/adapt.ts';
import type { RainMap } from '../src/core/training/foundRain.ts';
import { decodeModel, encodeStudent } from '../src/core/weights/modelFile.ts';
import { backendChoices, startBackend } from './backend.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { derainPhoto, loadModel } from './derainPhoto.ts';
import { choiceOption, readOptions, required, wholeOption } from './options.ts';
import { gatherPhotos, readPhoto } from './photos.ts';
import { refuseReplacing } from './overwriting.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { writeWhole } from './writeWhole.ts';

export const adaptCommand: Command = {
  help: `
Fine-tunes a student to the rain of one photo, and of others like it.

Usage: npm run petrichor -- adapt PHOTO --student FILE --clean DIR… --out FILE

  PHOTO             the photo whose rain is to be learned
  --student FILE    the student to begin with
  --clean DIR…      clean photos, to which rain like that of the photo is added
  --out FILE        where the adapted student goes
  --seconds 90      time that it may take
  --seed 1          of the random numbers
  --backend auto    ${backendChoices.join(', ')}
  --threads N       threads of WASM

A photo without rain is refused: exit status 1, no file.
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, {
      student: 'text',
      clean: 'list',
      out: 'text',
      seconds: 'text',
      seed: 'text',
      backend: 'text',
      threads: 'text',
    });
    const [path] = rest;
    if (path === undefined || rest.length > 1) throw new UsageError('Which photo? Name one file.');
    const student = required('student', values.student);
    const out = required('out', values.out);
    const seconds = wholeOption('seconds', values.seconds ?? '90', 1, 36_000);
    const seed = wholeOption('seed', values.seed ?? '1', 0, 2 ** 32 - 1);
    const threads = values.threads === undefined ? undefined : wholeOption('threads', values.threads, 1, 256);
    const backend = choiceOption('backend', values.backend ?? 'auto', backendChoices);
    const clean = await gatherPhotos(values.clean);
    if (clean.length === 0) throw new UsageError('--clean names no photo.');
    refuseReplacing(out, [path, student, ...clean.map((one) => one.path)]);
    const model = decodeModel(await readFile(student));
    if (model.role !== 'student') throw new UsageError(`${student} holds a teacher; only a student is adapted.`);

    const progress = createProgress();
    progress.say(`Computing by ${await startBackend(backend, threads, (reason) => progress.say(reason))}`);
    const rainMap = await rainMapOf(await readPhoto(path), student);
    const events = adaptStudent({
      student: model,
      rainMap,
      clean: await Promise.all(clean.map((one) => readPhoto(one.path))),
      budgetMs: seconds * 1000,
      seed,
      now: () => performance.now(),
      yieldToEventLoop: () => new Promise((resolve) => setImmediate(resolve)),
      control: { stopRequested: false },
    });
    const adapted = await follow(events, seconds, progress);
    if (!adapted) return 1;
    await writeWhole([out, encodeStudent({ ...model, weights: adapted.weights })]);
    progress.say(`Adapted in ${adapted.step} steps: ${out}`);
    return 0;
  },
};

/** What a student finds on a photo: photo − derained. */
async function rainMapOf(photo: Pixels, student: string): Promise<RainMap> {
  const { derained } = await derainPhoto(await loadModel({ path: student }, false), photo, 1);
  const left = rgbOf(derained);
  return { data: rgbOf(photo).map((value, i) => value - left[i]!), width: photo.width, height: photo.height };
}

type Adapted = Extract<AdaptEvent, { type: 'adapted' }>;

/** Prints what an adaptation yields; resolves with its end, null when the photo was refused. */
async function follow(events: AsyncIterable<AdaptEvent>, seconds: number, progress: Progress): Promise<Adapted | null> {
  let adapted: Adapted | null = null;
  for await (const event of events) {
    switch (event.type) {
      case 'estimated':
        progress.say(describeRain(event.rain));
        break;
      case 'stepped':
        progress.update(
          Math.round(event.share * seconds),
          seconds,
          `step ${event.step}, loss ${event.loss.toFixed(4)}`,
        );
        break;
      case 'refused':
        progress.say(event.reason);
        break;
      case 'adapted':
        adapted = event;
        break;
      case 'stopped':
        break;
      default:
        event satisfies never;
    }
  }
  progress.end();
  return adapted;
}

function describeRain({
  angle,
  length,
  width,
  density,
  strength,
  mean,
}: Extract<AdaptEvent, { type: 'estimated' }>['rain']): string {
  return (
    `Rain at ${angle.toFixed(0)}°, streaks ${length.toFixed(0)} × ${width.toFixed(1)} pixels, ` +
    `${density.toFixed(2)} in a thousand pixels, adding ${(strength * 255).toFixed(0)} levels each, ` +
    `${(mean * 255).toFixed(1)} on average.`
  );
}
