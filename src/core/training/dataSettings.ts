import { rainPresetNames } from '../rain/presets.ts';
import type { RainPresetName } from '../rain/presets.ts';
import type { Setting } from './settingKinds.ts';

export const rainPresetLabels: Readonly<Record<RainPresetName, string>> = {
  light: 'Light',
  heavy: 'Heavy',
  crossing: 'Crossing layers',
  nearDrops: 'Near drops',
  veil: 'Grey veil',
  dense: 'Dense, one direction',
  downpour: 'Downpour',
  driving: 'Driving rain',
};
const share = (name: string, key: string, label: string): Setting => ({
  path: `data.${name}`,
  key,
  label,
  symbol: '×',
  kind: 'number',
  min: 0,
  max: 1000,
});

/** The two ends of a random factor, and how many it applies to. */
const scaleRange = (name: string, label: string, hint: string): readonly Setting[] => {
  const end = { symbol: '×', kind: 'number', min: 0.1, max: 10 } as const;
  const [low, high] = [`data.${name}.min`, `data.${name}.max`];
  return [
    { ...end, path: low, key: `${name}Min`, label: `${label}, smallest`, hint },
    { ...end, path: high, key: `${name}Max`, label: `${label}, largest`, notBelow: low },
    {
      path: `data.${name}.share`,
      key: `${name}Share`,
      label: `${label}, share`,
      hint: 'How many are scaled at all; the rest keep their size.',
      kind: 'number',
      min: 0,
      max: 1,
      optional: true,
    },
  ];
};

/** Settings of the images: what is held out, which rain is drawn, what the real set is made of. */
export const dataSettings: readonly Setting[] = [
  {
    path: 'data.pairShare',
    key: 'pairShare',
    label: 'Share taken from pairs',
    hint: '0: generated rain only. 1: pairs only.',
    kind: 'number',
    min: 0,
    max: 1,
  },
  {
    path: 'data.rainFreeShare',
    key: 'rainFreeShare',
    aliases: ['dry', 'data.dry'],
    label: 'Share without rain',
    hint: 'Clean images left as they are: they teach that not every bright edge is rain.',
    kind: 'number',
    min: 0,
    max: 1,
  },
  {
    path: 'data.labelError',
    key: 'labelError',
    label: 'Label error',
    unit: '°',
    hint: 'The direction regularizer is told a direction that is wrong by this much, to the nearest 10°.',
    kind: 'whole',
    min: 0,
    max: 90,
    optional: true,
  },
  {
    path: 'data.randomLabels',
    key: 'randomLabels',
    label: 'Share of random labels',
    hint: 'Rain whose direction label is drawn at random.',
    kind: 'number',
    min: 0,
    max: 1,
    optional: true,
  },
  {
    path: 'data.heldOut',
    key: 'heldOut',
    label: 'Held out for validation',
    hint: 'Pairs, or else clean images, that are never trained on.',
    kind: 'whole',
    min: 0,
    max: 1000,
  },
  {
    path: 'data.heldOutIds',
    key: 'heldOutIds',
    label: 'Held-out pairs',
    kind: 'list',
    optional: true,
  },
  {
    path: 'data.validationCrop',
    key: 'validationCrop',
    label: 'Validation crop',
    unit: 'px',
    hint: 'Side of the central square that is measured. 0: the whole image.',
    kind: 'whole',
    min: 0,
    max: 4096,
  },
  ...rainPresetNames.map((name) => share(`rain.${name}`, name, rainPresetLabels[name])),
  ...scaleRange(
    'rainScale',
    'Rain size',
    'Each rain is drawn at a random size between the two. 1: as large as its kind usually is.',
  ),
  {
    path: 'data.rainVariety',
    key: 'rainVariety',
    label: 'Share varied like real rain',
    hint: 'Direction that turns a little over the image, soft ends, streaks in front of and behind the focus.',
    kind: 'number',
    min: 0,
    max: 1,
  },
  ...scaleRange(
    'imageScale',
    'Image scale',
    'Each image or pair is enlarged or reduced by a random factor between the two before it is cropped.',
  ),
  share('real.photos', 'photos', 'Rainy images'),
  share('real.rainyHalves', 'rainyHalves', 'Rainy halves of pairs'),
  share('real.generated', 'generated', 'Synthetic rain'),
];
