import { useMemo } from 'react';
import { unchanged } from '../../../core/patch/estimate.ts';
import type { EstimateChanges } from '../../../core/patch/estimate.ts';
import { rainPresetNames } from '../../../core/rain/presets.ts';
import type { RainPresetName } from '../../../core/rain/presets.ts';
import type { KernelSize } from '../../../core/paper/hyperparameters.ts';
import { useRoute, replaceSettings } from '../../routing/route.ts';
import type { ViewSettings } from '../../routing/route.ts';

export type ChangeName = keyof EstimateChanges;

/** A number that a slider sets, and that the address holds under `key`. */
export interface PatchSlider<Key extends string = string> {
  readonly key: Key;
  readonly label: string;
  readonly unit?: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** How the estimate is made worse than the truth, in the order in which it is done. */
export const changeSliders: readonly PatchSlider<ChangeName>[] = [
  { key: 'blur', label: 'Blur σ', unit: 'px', min: 0, max: 5, step: 0.25 },
  { key: 'rotation', label: 'Rotation', unit: '°', min: -90, max: 90, step: 1 },
  { key: 'shift', label: 'Shift right', unit: 'px', min: 0, max: 10, step: 0.5 },
  { key: 'missing', label: 'Missing streaks', unit: '%', min: 0, max: 100, step: 5 },
  { key: 'contrast', label: 'Contrast', unit: '%', min: 0, max: 200, step: 5 },
  { key: 'texture', label: 'Extra texture', unit: '%', min: 0, max: 20, step: 1 },
  { key: 'offset', label: 'Constant offset', unit: '%', min: -20, max: 20, step: 1 },
];

/** Sliders show these in percent. */
export const percentChanges: ReadonlySet<ChangeName> = new Set(['missing', 'contrast', 'texture', 'offset']);

const numbers = [
  { key: 'angle', label: 'Direction of the rain', unit: '°', min: 0, max: 179, step: 1 },
  { key: 'rainSeed', label: 'Seed', min: 1, max: 9999, step: 1 },
  { key: 'crop', label: 'Crop', min: 0, max: 99, step: 1 },
  { key: 'labelError', label: 'Label error', unit: '°', min: -90, max: 90, step: 10 },
  { key: 'patchLambda', label: 'λ', min: 0, max: 5, step: 0.1 },
  { key: 'cell', label: 'Cell size', unit: 'px', min: 6, max: 48, step: 2 },
] as const satisfies readonly PatchSlider[];

type NumberName = (typeof numbers)[number]['key'];

export const patchSlider = (key: NumberName): PatchSlider => numbers.find((slider) => slider.key === key)!;

export const sourceNames = ['drawn', 'pair', 'image', 'training'] as const;
export type SourceName = (typeof sourceNames)[number];

const baseNames = ['truth', 'found'] as const;
export type BaseName = (typeof baseNames)[number];

/** Everything that a link to a patch reproduces. */
export interface PatchSettings extends Readonly<Record<NumberName, number>> {
  readonly changes: EstimateChanges;
  readonly source: SourceName;
  readonly rain: RainPresetName;
  /** Which pair; empty: the first. */
  readonly pair: string;
  /** What the sliders start from: the truth, or what F1 found in the training crop. */
  readonly base: BaseName;
  readonly kernelSize: KernelSize;
  /** Which image the direction field is of: 'patch', a sample's title, or 'own'. */
  readonly field: string;
  /** The slider over which the curves are drawn. */
  readonly curve: ChangeName;
}

export const defaultPatch: PatchSettings = {
  changes: { ...unchanged, blur: 2 },
  source: 'drawn',
  rain: 'dense',
  pair: '',
  base: 'truth',
  angle: 70,
  rainSeed: 3,
  crop: 0,
  labelError: 0,
  patchLambda: 1.2,
  cell: 12,
  field: 'patch',
  kernelSize: 5,
  curve: 'blur',
};

/** The settings in an address; what is missing, unknown or out of bounds is as at first. */
export function patchOfLink(link: ViewSettings): PatchSettings {
  const number = (slider: PatchSlider, otherwise: number): number => {
    const value = Number(link[slider.key] || NaN);
    return value >= slider.min && value <= slider.max ? value : otherwise;
  };
  const change = (slider: PatchSlider<ChangeName>): number => {
    const factor = percentChanges.has(slider.key) ? 100 : 1;
    return number(slider, defaultPatch.changes[slider.key] * factor) / factor;
  };
  const oneOf = <Name extends string>(key: string, names: readonly Name[], otherwise: Name): Name =>
    names.find((name) => name === link[key]) ?? otherwise;
  const kernelSize = Number(oneOf('l', ['3', '5', '7'], String(defaultPatch.kernelSize) as '5')) as KernelSize;
  return {
    ...(Object.fromEntries(numbers.map((slider) => [slider.key, number(slider, defaultPatch[slider.key])])) as Record<
      NumberName,
      number
    >),
    changes: Object.fromEntries(
      changeSliders.map((slider) => [slider.key, change(slider)]),
    ) as unknown as EstimateChanges,
    source: oneOf('source', sourceNames, defaultPatch.source),
    rain: oneOf('rain', rainPresetNames, defaultPatch.rain),
    pair: link['pair'] ?? '',
    base: oneOf('base', baseNames, defaultPatch.base),
    field: link['field'] || defaultPatch.field,
    kernelSize,
    curve: oneOf(
      'curve',
      changeSliders.map(({ key }) => key),
      defaultPatch.curve,
    ),
  };
}

/** The inverse of `patchOfLink`, as changes of the address: null for what is as at first. */
export function linkOfPatch(settings: PatchSettings): Record<string, string | null> {
  const changed = (value: string | number, otherwise: string | number): string | null =>
    value === otherwise ? null : String(value);
  const link: Record<string, string | null> = {
    source: changed(settings.source, defaultPatch.source),
    rain: changed(settings.rain, defaultPatch.rain),
    pair: changed(settings.pair, defaultPatch.pair),
    base: changed(settings.base, defaultPatch.base),
    field: changed(settings.field, defaultPatch.field),
    l: changed(settings.kernelSize, defaultPatch.kernelSize),
    curve: changed(settings.curve, defaultPatch.curve),
  };
  for (const { key } of numbers) link[key] = changed(settings[key], defaultPatch[key]);
  for (const { key } of changeSliders) {
    link[key] = changed(shownChange(key, settings.changes[key]), shownChange(key, defaultPatch.changes[key]));
  }
  return link;
}

/** A change as its slider shows it. */
export function shownChange(key: ChangeName, value: number): number {
  return percentChanges.has(key) ? Math.round(value * 1000) / 10 : value;
}

/** A change from what its slider shows. */
export function changeOfShown(key: ChangeName, shown: number): number {
  return percentChanges.has(key) ? shown / 100 : shown;
}

/** The patch that the address names. */
export function usePatchSettings(): PatchSettings {
  const link = useRoute((route) => route.settings.lab);
  return useMemo(() => patchOfLink(link), [link]);
}

/** Changes the patch in the address. */
export function changePatch(patch: Partial<PatchSettings>): void {
  replaceSettings('lab', linkOfPatch({ ...patchOfLink(useRoute.getState().settings.lab), ...patch }));
}
