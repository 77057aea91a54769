import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossTermNames } from '../paper/lossTerms.ts';
import { checkConfig, presets } from './config.ts';
import type { PresetName, TrainingConfig } from './config.ts';
import { basePreset, configOfLink, linkOfConfig } from './settingsLink.ts';
import { withValue } from './settingValues.ts';

const stored = (config: TrainingConfig): Record<string, string> =>
  Object.fromEntries(
    Object.entries(linkOfConfig(config)).filter((entry): entry is [string, string] => entry[1] !== null),
  );

test.each(Object.keys(presets) as PresetName[])('the preset %s needs at most its name in the address', (name) => {
  const settings = stored(presets[name]);
  expect(Object.keys(settings)).toEqual(name === 'quick' ? [] : ['preset']);
  expect(configOfLink(settings)).toEqual(presets[name]);
});

test('only what differs is in the address, readable', () => {
  let config = withValue(presets.small, 'hyperparameters.lambda', 0);
  config = withValue(config, 'networks.imageSkip', false);
  config = withValue(config, 'hyperparameters.disabledTerms', ['direction', 'tv']);
  expect(stored(config)).toEqual({ preset: 'small', lambda: '0', imageSkip: 'off', disabledTerms: 'direction.tv' });
});

test('any config is restored from its address, marked as custom', () => {
  const arbitrary = fc.record({
    preset: fc.constantFrom<PresetName>('quick', 'small', 'paper'),
    lambda: fc.double({ min: 0, max: 100, noNaN: true }),
    steps: fc.integer({ min: 1, max: 1e6 }),
    filters: fc.integer({ min: 1, max: 256 }),
    heavy: fc.double({ min: 0, max: 10, noNaN: true }),
    disabledTerms: fc.subarray([...lossTermNames()]),
    mode: fc.constantFrom('alternating', 'joint', 'teacher'),
    heldOutIds: fc.option(fc.array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { minLength: 1 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(arbitrary, ({ preset, lambda, steps, filters, heavy, disabledTerms, mode, heldOutIds }) => {
      let config = withValue(presets[preset], 'hyperparameters.lambda', lambda);
      config = withValue(config, 'run.steps', steps);
      config = withValue(config, 'networks.filters.f3', filters);
      config = withValue(config, 'data.rain.heavy', heavy);
      config = withValue(config, 'hyperparameters.disabledTerms', disabledTerms);
      config = withValue(config, 'hyperparameters.mode', mode);
      if (heldOutIds) config = withValue(config, 'data.heldOutIds', heldOutIds);
      const back = configOfLink(stored(config));
      expect({ ...back, preset }).toEqual(config);
    }),
  );
});

test('what is not understood comes from the preset; what is out of range is kept to be explained', () => {
  const config = configOfLink({
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

test('earlier names are read, and the next link writes them in today’s names alone', () => {
  const config = configOfLink({ off: 'direction.tv', parts: '2', dry: '0.2', coolDown: '50' });
  expect(config.hyperparameters.disabledTerms).toEqual(['direction', 'tv']);
  const link = { disabledTerms: 'direction.tv', microBatches: '2', rainFreeShare: '0.2', decaySteps: '50' };
  expect(linkOfConfig(config)).toMatchObject({ ...link, off: null, parts: null, dry: null, coolDown: null });
  expect(configOfLink({ ...link, off: 'tv', parts: '3' }), 'today’s name counts').toEqual(config);
});

test.each([
  'preset=small&lambda=0&imageSkip=off&disabledTerms=direction.tv&rate=0.0004&kernel=7&microBatches=2&rainFreeShare=0.2&heldOutIds=a.b',
  'blocks=1&f1=4&f2=4&f3=4&batch=2&crop=24&steps=100000&heldOut=1&previewEvery=15&validateEvery=30&validationCrop=48',
])('a link of an earlier version reads and writes as it stands: %s', (query) => {
  const link = Object.fromEntries(new URLSearchParams(query));
  expect(stored(configOfLink(link))).toEqual(link);
});

test('a custom config finds the preset it came from', () => {
  expect(basePreset({ ...withValue(presets.paper, 'run.batch', 6), preset: 'custom' })).toBe('paper');
});
