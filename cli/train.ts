import { basename, join } from 'node:path';
import { presets } from '../src/core/training/config.ts';
import type { PresetName, TrainingConfig } from '../src/core/training/config.ts';
import { train } from '../src/core/training/session.ts';
import type { Checkpoint } from '../src/core/training/checkpoint.ts';
import type { Previewed } from '../src/core/training/events.ts';
import { messageOf } from '../src/core/training/failures.ts';
import type { TrainingPorts } from '../src/core/training/ports.ts';
import { withPretrained } from '../src/core/training/pretrained.ts';
import type { Pretrained } from '../src/core/training/pretrained.ts';
import { backendChoices, samplerThreads, startBackend, stepMemory } from './backend.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { datasetOptionsOf, readDatasetOptions, readImageHashes, writeDatasetOptions } from './datasetOptions.ts';
import { choiceOption, readOptions, required, wholeOption } from './options.ts';
import type { OptionValues } from './options.ts';
import { modelPath } from './modelPath.ts';
import { writePhoto } from './photos.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { holdsRun, openRunFolder } from './runFolder.ts';
import type { RunFolder } from './runFolder.ts';
import { heavyPairs, heldOutPairs } from './suite/heldOut.ts';
import { openSamplerThreads } from './samplerThreads.ts';
import { readPlannedChanges } from './plannedChanges.ts';
import { readPretrained, readStartRun } from './pretrained.ts';
import { checked, listSettings, withSettings } from './settings.ts';
import { stopOnSignals } from './stopControl.ts';
import type { StopControl } from './stopControl.ts';
import { trainingSource } from './trainingSource.ts';
import { contactSheet, loggable, reportTo } from './trainingReport.ts';

const kinds = {
  clean: 'list',
  rainy: 'list',
  pairs: 'list',
  'rainy-of-pairs': 'list',
  preset: 'text',
  set: 'list',
  steps: 'text',
  seed: 'text',
  out: 'text',
  resume: 'flag',
  'train-only': 'text',
  'validate-only': 'text',
  'hold-out-suite': 'flag',
  images: 'text',
  'preview-every': 'text',
  backend: 'text',
  threads: 'text',
  'sampler-threads': 'text',
  teacher: 'text',
  student: 'text',
  'student-of-teacher': 'flag',
  start: 'text',
  change: 'list',
  json: 'flag',
} as const;

export const trainCommand: Command = {
  help: `
Trains the three networks together and leaves the student, its teacher, checkpoints and a log.

Usage: npm run petrichor -- train --clean DIR… --rainy DIR… --pairs DIR… --out DIR

  --clean DIR…            clean photos; rain is drawn over them
  --rainy DIR…            real rainy photos: the rain that the student learns to remove
  --pairs DIR…            rainy/ and clean/ with the same names; RainDirection's layout with its labels
  --rainy-of-pairs DIR…   pairs of which only the rainy halves are learned from, as unpaired rainy photos; those that
                          --validate-only names are validated with as pairs
  --train-only 1-180      the pairs that may be learned from (the others are held out, if --validate-only names none)
  --validate-only 181-200 the pairs to validate with; never learned from
  --hold-out-suite        leaves out what evaluate --suite measures on: 12 clean photos, the 18 that show the scenes of its heavy
                          pairs, the pairs ${heldOutPairs} (to validate with, unless --validate-only or --train-only says otherwise)
                          and ${heavyPairs}; its rain-free photos are learned from, as they measure what a model does
                          where there is no rain
  --images FILE           of the images in the folders, those alone and in the order that a JSON file names by the first digits of
                          their SHA-256, as an experiment of the Lab does: {"clean": […], "rainy": […], "pairs": […]}
  --teacher FILE          a model trained before, of ours or published (see 'peers'), teaches and stays as it is: only the student
                          learns, from what that model makes of the rainy images (--set mode=alternating trains both on)
  --student FILE          begins with this student
  --set mode=supervised   trains F3 alone on labelled rain, without a teacher, as published networks are: with
                          architecture=, blocks= and f3=, and teacherArchitecture=edsr teacherBlocks=0 f1=1 f2=1 for what is left unused
  --student-of-teacher    begins with a student that says what the teacher's F1 says: y = x − F1(x)
  --start FILE            begins with the weights of a run that the Lab exports or 'ablate' leaves, and with its networks
  --change STEP:SET…      changes settings in that step, several joined by '+' (500:lambda=2+kernel=7); also needed with --resume
  --preset small          ${Object.keys(presets).join(', ')}
  --set NAME=VALUE…       changes settings of the preset: lambda=0 batch=8 f3=32 real.photos=2 disabledTerms=tv,cycle …
  --steps N, --seed N     the same for these two
  --out DIR               where the run goes
  --resume                goes on from the newest checkpoint in --out, with its images and settings (--set and --steps on top)
  --preview-every N       a sheet of images every N steps, in DIR/previews
  --backend auto          ${backendChoices.join(', ')}
  --threads N             threads of WASM
  --sampler-threads N     threads that draw the batches ahead of the steps, at most four by default with a graphics card, which would
                          wait for them, and none without, where drawing and computing take turns. The batches are the same
  --json                  every event as a JSON line on the standard output (they are in DIR/log.jsonl in any case)

Ctrl-C stops after the current step and leaves a checkpoint, as SIGTERM and SIGHUP do; a second one stops at once, with status
130. The exit status is 1 when the run diverged or its end could not be stored. The moving averages of the weights
are in student.safetensors and teacher.safetensors, those of the best validation in student-best.safetensors.

Settings of 'small':
${listSettings(presets.small)
  .map((line) => `  ${line}`)
  .join('\n')}
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, kinds);
    if (rest.length)
      throw new UsageError(`What is '${rest[0]}' for? Folders follow --clean, --rainy, --pairs or --rainy-of-pairs.`);
    const out = required('out', values.out);
    const backend = choiceOption('backend', values.backend ?? 'auto', backendChoices);
    const threads = values.threads === undefined ? undefined : wholeOption('threads', values.threads, 1, 256);
    const wantedSamplers =
      values['sampler-threads'] === undefined
        ? undefined
        : wholeOption('sampler-threads', values['sampler-threads'], 0, 256);
    const refuseRun = async (): Promise<void> => {
      if (!values.resume && (await holdsRun(out)))
        throw new UsageError(`${out} holds a run already; go on with --resume, or choose another folder.`);
    };
    await refuseRun();
    const changes = readPlannedChanges(values.change);
    const images = values.images === undefined ? null : await readImageHashes(values.images);
    const given = datasetOptionsOf(values, images);
    const data = given ?? (values.resume ? await readDatasetOptions(out) : null);
    if (!data) throw new UsageError('--clean or --pairs is missing: there is nothing to learn from.');
    const { start, config: base } = await startOf(values);
    const { source, heldOutIds } = await trainingSource(data);
    const fresh = configOf(values, base, heldOutIds);
    const progress = createProgress();
    const run = await openRunFolder(out, (message) => progress.say(message));
    const control = stopOnSignals(progress, changes);
    try {
      await refuseRun(); // one may have ended here since
      const stored = values.resume ? await run.latestCheckpoint() : null;
      if (values.resume && !stored) progress.say(`${out} holds no checkpoint yet; the run starts fresh.`);
      const from = stored
        ? { ...stored, config: configOf(values, stored.config, stored.config.data.heldOutIds ?? heldOutIds) }
        : undefined;
      const device = await startBackend(backend, threads, (reason) => control.fail(reason));
      progress.say(`Computing by ${device}. Run in ${out}.`);
      await writeDatasetOptions(out, data);
      run.log({ type: 'command', arguments: args, device, date: new Date().toISOString() });
      const samplers = wantedSamplers ?? samplerThreads();
      const openSampler = samplers > 0 ? { openSampler: openSamplerThreads(data, samplers) } : {};
      const images = { source, ...openSampler };
      return await runToItsEnd({ config: fresh, start, from, images, control, run, progress, json: values.json, out });
    } finally {
      control.release();
      await run.close();
    }
  },
};

/** The networks that a fresh run begins with, and the preset with their shapes. */
async function startOf(
  values: OptionValues<typeof kinds>,
): Promise<{ readonly start: Pretrained; readonly config: TrainingConfig }> {
  const models = values['student-of-teacher'] || (values.teacher ?? values.student) !== undefined;
  if (values.resume && (models || values.start !== undefined)) {
    throw new UsageError(
      '--teacher, --student, --student-of-teacher and --start begin a run; with --resume the networks are those of its checkpoint.',
    );
  }
  if (models && values.start !== undefined)
    throw new UsageError('--start brings teacher and student; leave the other options for networks out.');
  const preset = presets[choiceOption('preset', values.preset ?? 'small', Object.keys(presets) as PresetName[])];
  if (values.start !== undefined) {
    const { networks, ...start } = await readStartRun(values.start);
    return { start, config: { ...preset, preset: 'custom', networks } };
  }
  const start = await readPretrained(values, values['student-of-teacher']);
  const teacherName = values.teacher === undefined ? undefined : basename(modelPath(values.teacher).path);
  return { start, config: withPretrained(preset, start, teacherName) };
}

/** `base` with what the options say on top. Without --preview-every, previews are left out. */
function configOf(
  values: OptionValues<typeof kinds>,
  base: TrainingConfig,
  heldOutIds: readonly string[] | undefined,
): TrainingConfig {
  const config = withSettings(base, values.set);
  const whole = (name: 'steps' | 'seed' | 'preview-every', otherwise: number, high: number): number =>
    values[name] === undefined ? otherwise : wholeOption(name, values[name], name === 'seed' ? 0 : 1, high);
  return checked({
    ...config,
    run: {
      ...config.run,
      steps: whole('steps', config.run.steps, 10_000_000),
      seed: whole('seed', config.run.seed, 2 ** 32 - 1),
      previewEvery: whole('preview-every', 1_000_000, 1_000_000),
    },
    data: heldOutIds ? { ...config.data, heldOutIds } : config.data,
  });
}

interface RunInProgress {
  readonly config: TrainingConfig;
  readonly start: Pretrained;
  readonly from: Checkpoint | undefined;
  readonly images: Pick<TrainingPorts, 'source' | 'openSampler'>;
  readonly control: StopControl;
  readonly run: RunFolder;
  readonly progress: Progress;
  readonly json: boolean;
  readonly out: string;
}

/** Consumes the run's events; resolves with the exit status. */
async function runToItsEnd({
  config,
  start,
  from,
  images,
  control,
  run,
  progress,
  json,
  out,
}: RunInProgress): Promise<number> {
  const report = reportTo(progress);
  const ports = {
    ...images,
    now: () => performance.now(),
    yieldToEventLoop: () => new Promise<void>((resolve) => setImmediate(resolve)),
    saveCheckpoint: (bytes: Uint8Array, checkpoint: Checkpoint) => run.save(bytes, checkpoint),
    teacherOutputs: run.teacherOutputs,
    control,
    memory: stepMemory(),
  };
  let status = 1;
  for await (const event of train(config, ports, from, start)) {
    report(event);
    const line = loggable(event);
    run.log(line);
    if (json) console.log(JSON.stringify(line));
    if (event.type === 'previewed' && event.step % config.run.previewEvery === 0 && config.run.previewEvery < 1_000_000)
      await saveSheet(event, join(out, 'previews', `step-${event.step}.png`), progress);
    if (event.type === 'stopped') status = event.reason !== 'diverged' && event.storedStep === event.step ? 0 : 1;
    if (control.deviceError !== null)
      throw new Error(
        `The graphics device failed: ${control.deviceError} Go on from the last checkpoint with --resume.`,
      );
  }
  return status;
}

/** Training goes on without a sheet that cannot be written. */
async function saveSheet(event: Previewed, path: string, progress: Progress): Promise<void> {
  const sheet = contactSheet(event);
  if (sheet) await writePhoto(path, sheet).catch((error: unknown) => progress.say(messageOf(error)));
}
