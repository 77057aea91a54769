import type { LossPoint, Previewed, Stopped, TrainingEvent, Validated } from '../src/core/training/events.ts';
import { createPixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import type { Progress } from './progress.ts';

/** Tells a person what happens in a run, one event after another. */
export function reportTo(progress: Progress): (event: TrainingEvent) => void {
  let total = 0;
  let smoothed: number | null = null;
  let stored: number | null = null;
  let isSupervised = false;
  return (event) => {
    switch (event.type) {
      case 'started': {
        total = event.config.run.steps;
        isSupervised = event.config.hyperparameters.mode === 'supervised';
        const { clean, rainy, pairs, heldOut } = event.counts;
        const { f1, f2, f3 } = event.parameters;
        progress.say(
          `Learning from ${clean} clean photos, ${rainy} rainy photos and ${pairs} pairs; ${heldOut} images held out.`,
        );
        const parameters = isSupervised ? `F3 ${f3}, without a teacher` : `F1 ${f1}, F2 ${f2}, F3 (student) ${f3}`;
        progress.say(`Parameters: ${parameters}. An epoch is ${event.stepsPerEpoch} steps.`);
        if (event.microBatches > 1)
          progress.say(
            `Each step takes its batch in ${event.microBatches} micro-batches, to save memory (--set microBatches=1 takes it whole).`,
          );
        if (event.step > 0) {
          stored = event.step;
          progress.say(`Continues after step ${event.step}.`);
        }
        progress.update(event.step, total, '');
        return;
      }
      case 'stepped': {
        for (const { objective } of event.points)
          smoothed = smoothed === null ? objective : 0.98 * smoothed + 0.02 * objective;
        const last = event.points.at(-1)!;
        progress.update(last.step, total, formatStep(last, smoothed!));
        return;
      }
      case 'validated':
        return progress.say(formatValidation(event, isSupervised));
      case 'adjusted':
        return progress.say(`From step ${event.step}: ${JSON.stringify(event.change)}`);
      case 'rolledBack':
        return progress.say(
          `${event.reason}: back from step ${event.fromStep} to ${event.toStep}, learning rate now ${event.learningRate}.`,
        );
      case 'stopped': {
        const reasons = { asked: 'Stopped as asked', finished: 'Finished', diverged: 'Diverged' };
        progress.end();
        return progress.say(`${reasons[event.reason]} after step ${event.step}${formatEnd(event)}`);
      }
      case 'failed':
        if (event.kind === 'storage') return progress.say(`${event.reason} ${formatStored(stored)}`);
        return progress.say(`${event.reason} ${event.hint}`);
      case 'checkpointed':
        stored = event.step;
        return;
      case 'previewed':
        return;
      default:
        event satisfies never;
    }
  };
}

/** What follows 'Finished after step 120'. */
function formatEnd({ step, reason, storedStep, hint }: Stopped): string {
  if (reason === 'diverged' || storedStep === step) return `.${hint ? ` ${hint}` : ''}`;
  return `, but that is not on the disk. ${formatStored(storedStep)} Free some space and go on with --resume.`;
}

function formatStored(step: number | null): string {
  return step === null
    ? 'There is no checkpoint on the disk.'
    : `The newest checkpoint on the disk is that of step ${step}.`;
}

function formatStep({ learningRate, stepMs }: LossPoint, objective: number): string {
  return `objective ${objective.toFixed(4)} · rate ${learningRate.toExponential(1)} · ${stepMs.toFixed(0)} ms a step`;
}

function formatValidation({ step, images, psnr, ssim }: Validated, isSupervised: boolean): string {
  const figure = (name: 'rainy' | 'teacher' | 'student'): string =>
    `${name} ${psnr[name].toFixed(2)} dB ${ssim[name].toFixed(4)}`;
  const figures = isSupervised
    ? [figure('rainy'), figure('student')]
    : [figure('rainy'), figure('teacher'), figure('student'), `rain map ${psnr.rainMap.toFixed(2)} dB`];
  return `Step ${step}, ${images} held out, on Y: ${figures.join(' · ')}`;
}

/** An event as the log keeps it: without images, and without the curve that earlier lines hold. */
export function loggable(event: TrainingEvent): object {
  if (event.type === 'previewed') return { type: 'previewed', step: event.step };
  if (event.type === 'started')
    return { ...event, history: event.history.length, validations: event.validations.length };
  return event;
}

/** The previews as one image: a row per sample, rainy | rain map | true rain map | teacher | student | truth. */
export function contactSheet({ samples }: Previewed): Pixels | null {
  const first = samples[0];
  if (!first) return null;
  const { width, height } = first.rainy;
  const sheet = createPixels(width * 6, height * samples.length);
  samples.forEach(({ rainy, rainMap, trueRainMap, teacher, student, truth }, row) => {
    [rainy, rainMap, trueRainMap, teacher, student, truth].forEach((image, column) => {
      for (let y = 0; image && y < height; y++) {
        const line = image.data.subarray(y * width * 4, (y + 1) * width * 4);
        sheet.data.set(line, ((row * height + y) * sheet.width + column * width) * 4);
      }
    });
  });
  return sheet;
}
