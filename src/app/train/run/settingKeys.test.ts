import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossTerms } from '../../../core/paper/notation.ts';
import { checkConfig, presets } from '../../../core/training/config.ts';
import type { PresetName, TrainingConfig } from '../../../core/training/config.ts';
import {
  basePreset,
  configOfSettings,
  isLive,
  liveChangeOf,
  numberPaths,
  settingsOfConfig,
  valueAt,
  withValue,
} from './settingKeys.ts';

const stored = (config: TrainingConfig): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settingsOfConfig(config)).filter((entry): entry is [string, string] => entry[1] !== null),
  );

test.each(Object.keys(presets) as PresetName[])('the preset %s needs at most its name in the address', (name) => {
  const settings = stored(presets[name]);
  expect(Object.keys(settings)).toEqual(name === 'quick' ? [] : ['preset']);
  expect(configOfSettings(settings)).toEqual(presets[name]);
});

test('only what differs is in the address, readable', () => {
  let config = withValue(presets.small, 'hyperparameters.lambda', 0);
  config = withValue(config, 'networks.imageSkip', false);
  config = withValue(config, 'hyperparameters.off', ['direction', 'tv']);
  expect(stored(config)).toEqual({ preset: 'small', lambda: '0', imageSkip: 'off', off: 'direction.tv' });
});

test('any config comes back from its address, marked as custom', () => {
  const arbitrary = fc.record({
    preset: fc.constantFrom<PresetName>('quick', 'small', 'paper'),
    lambda: fc.double({ min: 0, max: 100, noNaN: true }),
    steps: fc.integer({ min: 1, max: 1e6 }),
    filters: fc.integer({ min: 1, max: 256 }),
    heavy: fc.double({ min: 0, max: 10, noNaN: true }),
    off: fc.subarray([...lossTerms]),
    mode: fc.constantFrom('alternating', 'joint', 'teacher'),
    heldOutIds: fc.option(fc.array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { minLength: 1 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(arbitrary, ({ preset, lambda, steps, filters, heavy, off, mode, heldOutIds }) => {
      let config = withValue(presets[preset], 'hyperparameters.lambda', lambda);
      config = withValue(config, 'run.steps', steps);
      config = withValue(config, 'networks.filters.f3', filters);
      config = withValue(config, 'data.rain.heavy', heavy);
      config = withValue(config, 'hyperparameters.off', off);
      config = withValue(config, 'hyperparameters.mode', mode);
      if (heldOutIds) config = withValue(config, 'data.heldOutIds', heldOutIds);
      const back = configOfSettings(stored(config));
      expect({ ...back, preset }).toEqual(config);
    }),
  );
});

test('what is not understood comes from the preset; what is out of range is kept to be explained', () => {
  const config = configOfSettings({
    preset: 'huge',
    lambda: 'much',
    steps: '',
    imageSkip: 'maybe',
    crop: '4',
    kernel: '4',
  });
  expect(config.hyperparameters.lambda).toBe(1.2);
  expect(config.run.steps).toBe(presets.quick.run.steps);
  expect(config.networks.imageSkip).toBe(true);
  expect(checkConfig(config).map(({ path }) => path)).toEqual(['run.crop', 'hyperparameters.kernelSize']);
});

test('a custom config finds the preset it came from', () => {
  expect(basePreset({ ...withValue(presets.paper, 'run.batch', 6), preset: 'custom' })).toBe('paper');
});

test('every number setting names a number of the config', () => {
  for (const path of Object.values(numberPaths)) expect(typeof valueAt(presets.quick, path)).toBe('number');
});

test('live settings become the trainer’s change, others are refused', () => {
  expect(isLive('hyperparameters.lambda')).toBe(true);
  expect(isLive('networks.blocks')).toBe(false);
  expect(liveChangeOf('hyperparameters.kernelSize', 7)).toEqual({ kernelSize: 7 });
  expect(() => liveChangeOf('run.crop', 32)).toThrow('run.crop');
});
