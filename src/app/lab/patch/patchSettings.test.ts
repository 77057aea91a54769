import { expect, test } from 'vitest';
import { unchanged } from '../../../core/patch/estimate.ts';
import { mergeSettings } from '../../routing/route.ts';
import { defaultPatch, linkOfPatch, patchOfLink } from './patchSettings.ts';
import type { PatchSettings } from './patchSettings.ts';

test('an address without settings is the patch at first, and leaves none behind', () => {
  expect(patchOfLink({})).toEqual(defaultPatch);
  expect(mergeSettings({}, linkOfPatch(defaultPatch))).toEqual({});
  const truth = { ...defaultPatch, changes: unchanged };
  expect(patchOfLink(mergeSettings({}, linkOfPatch(truth)))).toEqual(truth);
});

test('a link reproduces a patch', () => {
  const patch: PatchSettings = {
    changes: { blur: 1.25, rotation: -12, shift: 2.5, contrast: 0.85, offset: -0.07, texture: 0.03, missing: 0.35 },
    source: 'pair',
    rain: 'crossing',
    pair: 'sample:Forest path',
    base: 'found',
    angle: 115,
    rainSeed: 12,
    crop: 4,
    labelError: -30,
    patchLambda: 0.4,
    cell: 32,
    field: 'Forest path',
    kernelSize: 7,
    curve: 'offset',
  };
  const link = mergeSettings({ part: 'patch' }, linkOfPatch(patch));
  expect(link).toMatchObject({ part: 'patch', blur: '1.25', offset: '-7', missing: '35', l: '7' });
  expect(patchOfLink(link)).toEqual(patch);
});

test('what a link cannot mean is as at first', () => {
  const link = { blur: '99', rotation: 'x', rain: 'snow', l: '4', labelError: '1e9', curve: 'angle', source: '' };
  expect(patchOfLink(link)).toEqual(defaultPatch);
});
