import { expect, it } from 'vitest';
import { presets } from '../src/core/training/config.ts';
import { listSettings, withSettings } from './settings.ts';

it('changes settings by the end of their path, keeps their type, and calls the result custom', () => {
  const config = withSettings(presets.quick, [
    'lambda=0',
    'f3=32',
    'real.photos=2',
    'imageSkip=false',
    'disabledTerms=tv,cycle',
    'mode=joint',
    'run.batch=2',
  ]);
  expect(config.hyperparameters).toMatchObject({ lambda: 0, disabledTerms: ['tv', 'cycle'], mode: 'joint' });
  expect(config.networks).toEqual({
    architecture: 'edsr',
    blocks: 4,
    filters: { f1: 16, f2: 16, f3: 32 },
    imageSkip: false,
  });
  expect(config.data.real).toEqual({ ...presets.quick.data.real, photos: 2 });
  expect([config.run.batch, config.preset]).toEqual([2, 'custom']);
  expect(presets.quick.hyperparameters.lambda).toBe(1.2);
  expect(withSettings(presets.quick, [])).toBe(presets.quick);
});

it('sets the rain of every size', () => {
  const { data } = withSettings(presets.quick, [
    'rain.downpour=1',
    'rainScale.max=3',
    'imageScale.min=0.5',
    'rainVariety=0.5',
  ]);
  expect(data.rain).toEqual({ ...presets.quick.data.rain, downpour: 1 });
  expect([data.rainScale, data.imageScale, data.rainVariety]).toEqual([
    { min: 1, max: 3, share: 1 },
    { min: 0.5, max: 1, share: 1 },
    0.5,
  ]);
});

it('takes the names that links use, and settings that a preset leaves out', () => {
  const config = withSettings(presets.quick, ['rate=0.0004', 'kernel=7', 'teacherBlocks=6', 'heldOutIds=a,b']);
  expect(config.hyperparameters).toMatchObject({ learningRate: 0.0004, kernelSize: 7 });
  expect(config.networks.teacherBlocks).toBe(6);
  expect(config.data.heldOutIds).toEqual(['a', 'b']);
});

it('takes the names that settings had before', () => {
  const config = withSettings(presets.quick, ['off=tv', 'run.parts=2', 'data.dry=0.3', 'coolDown=5']);
  expect(config).toEqual(
    withSettings(presets.quick, ['disabledTerms=tv', 'microBatches=2', 'rainFreeShare=0.3', 'decaySteps=5']),
  );
});

it('lists every setting in a form that it takes back', () => {
  const lines = listSettings(presets.small).filter(
    (line) => !line.endsWith('=') || line.startsWith('hyperparameters.disabledTerms'),
  );
  expect(lines).toContain('run.batch=8');
  expect({ ...withSettings(presets.quick, lines), preset: 'small' }).toEqual(presets.small);
});

it('says what is wrong with a setting', () => {
  const change = (setting: string) => () => withSettings(presets.quick, [setting]);
  expect(change('lamda=0')).toThrow("There is no setting 'lamda'");
  expect(change('lambda')).toThrow('write NAME=VALUE');
  expect(change('lambda=much')).toThrow('a number is needed');
  expect(change('lambda=-1')).toThrow('must be a number from 0 to 1000, not -1');
  expect(change('imageSkip=1')).toThrow('true or false is needed');
  expect(change('rainScale=2')).toThrow("There is no setting 'rainScale'");
  expect(change('rainScale.min=2')).toThrow('data.rainScale.max must be a number from 2 to 10, not 1');
  expect(change('mode=sometimes')).toThrow("must be 'alternating', 'joint', 'teacher', 'student' or 'supervised'");
});
