import { describe, expect, it } from 'vitest';
import { readDerainSettings, writeDerainSettings } from './settings.ts';

const first = {
  model: null,
  strength: 100,
  compare: 'original',
  show: 'result',
  gain: 4,
  mode: 'split',
  ensemble: false,
  adaptSeconds: 90,
} as const;

describe('the address of the Derain view', () => {
  it('is empty at the first visit', () => {
    expect(readDerainSettings({})).toEqual(first);
    expect(writeDerainSettings(first)).toEqual({
      model: null,
      strength: null,
      compare: null,
      show: null,
      gain: null,
      mode: null,
      ensemble: null,
      adaptSeconds: null,
      best: null,
    });
  });

  it('gives back what was written', () => {
    const settings = {
      model: 'mine:7',
      strength: 130,
      compare: 'rainMap',
      show: 'truth',
      gain: 8,
      mode: 'sides',
      ensemble: true,
      adaptSeconds: 30,
    } as const;
    expect(readDerainSettings(writeDerainSettings(settings) as Record<string, string>)).toEqual(settings);
  });

  it('reads what links were called before', () => {
    expect(readDerainSettings({ best: 'yes' }).ensemble).toBe(true);
    expect(writeDerainSettings({ ensemble: false })).toEqual({ ensemble: null, best: null });
  });

  it('survives nonsense', () => {
    expect(
      readDerainSettings({
        strength: '900',
        gain: 'loud',
        mode: 'up',
        ensemble: 'perhaps',
        model: '',
        compare: '',
        show: '',
      }),
    ).toEqual(first);
    expect(readDerainSettings({ strength: '' })).toEqual(first);
  });
});
