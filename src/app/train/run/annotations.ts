import type { LiveChange } from '../../../core/training/config.ts';
import type { RunNote } from '../../../core/training/events.ts';
import type { LossTerm } from '../../../core/paper/lossTerms.ts';
import { liveSettings } from '../../../core/training/settingsSchema.ts';
import { formatCount, formatNumber } from '../../ui/format.ts';

/** Something that happened at a step and stays visible on the charts. */
export interface Annotation {
  readonly step: number;
  readonly kind: 'change' | 'rollback' | 'device';
  readonly text: string;
}

/** The plain name of every term. */
export const termNames: Readonly<Record<LossTerm, string>> = {
  content: 'Rain-map content',
  direction: 'Rain direction',
  reconstruction: 'Reconstruction',
  tv: 'Smoothness (TV)',
  cycle: 'Cycle',
  distillReal: 'Distillation, real rain',
  distillRef: 'Distillation, reference pairs',
  labelled: 'Labelled rain, student',
};

/** A live change in words, against what held before: 'λ 1.2 → 2, cycle off'. Empty when nothing differs. */
export function describeChange(before: LiveChange, change: LiveChange): string {
  const parts = liveSettings.flatMap(({ path, kind, short, label }) => {
    const name = path.split('.').at(-1) as keyof LiveChange;
    const [old, value] = [before[name], change[name]];
    if (kind === 'list' || old === undefined || value === undefined || old === value) return [];
    return [`${short ?? label} ${formatNumber(old as number)} → ${formatNumber(value as number)}`];
  });
  if (change.disabledTerms) {
    const disabledTerms = change.disabledTerms;
    const old = before.disabledTerms ?? [];
    for (const term of disabledTerms) if (!old.includes(term)) parts.push(`${termNames[term as LossTerm]} off`);
    for (const term of old) if (!disabledTerms.includes(term)) parts.push(`${termNames[term as LossTerm]} on`);
  }
  return parts.join(', ');
}

/** `annotations` with that of a note at the end. Changes at the same step share one; a change of nothing leaves none. */
export function withNote(annotations: readonly Annotation[], note: RunNote): readonly Annotation[] {
  if (note.type === 'deviceLost') {
    return [...annotations, { step: note.step, kind: 'device', text: `The device was lost: ${note.reason}` }];
  }
  if (note.type === 'rolledBack') {
    const { fromStep, toStep, reason, learningRate } = note;
    return [
      ...annotations,
      { step: toStep, kind: 'rollback', text: describeRollback(fromStep, toStep, reason, learningRate) },
    ];
  }
  const text = describeChange(note.before, note.change);
  if (!text) return annotations;
  const annotation: Annotation = { step: note.step, kind: 'change', text };
  const last = annotations.at(-1);
  const merges = last?.kind === 'change' && last.step === note.step;
  return merges
    ? [...annotations.slice(0, -1), { ...annotation, text: `${last.text}, ${text}` }]
    : [...annotations, annotation];
}

/** A rollback in words. */
export function describeRollback(fromStep: number, toStep: number, reason: string, learningRate: number): string {
  const why = reason.replace(/\.$/, '');
  return `${why}: went back from step ${formatCount(fromStep)} to ${formatCount(toStep)}, learning rate now ${formatNumber(learningRate)}`;
}
