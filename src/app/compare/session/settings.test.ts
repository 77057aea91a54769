import { describe, expect, it } from 'vitest';
import { readCompareSettings, writeCompareSettings } from './settings.ts';

describe('settings in the address', () => {
  it('survive the way there and back', () => {
    const settings = {
      models: ['shipped:broad', 'file:2'],
      layout: 'path',
      channels: 'rgb',
      reference: 'truth',
      gain: 8,
      part: 'table',
    } as const;
    const written = writeCompareSettings(settings) as Record<string, string>;
    expect(written['models']).toBe('shipped:broad,file:2');
    expect(readCompareSettings(written)).toEqual(settings);
  });

  it('leave out what is as at the first visit, and stand for it when they make no sense', () => {
    const first = readCompareSettings({});
    expect(Object.values(writeCompareSettings(first)).every((value) => value === null)).toBe(true);
    const strange = { layout: '<b>', channels: 'cmyk', gain: '3', reference: 'x', part: '', models: ',,' };
    expect(readCompareSettings(strange)).toEqual({ ...first, models: [] });
  });

  it('tell no derainer chosen from no choice made, and take each once and six at most', () => {
    expect(writeCompareSettings({ models: [] })).toEqual({ models: '' });
    expect(readCompareSettings({ models: '' }).models).toEqual([]);
    expect(readCompareSettings({ models: 'a,a,b,c,d,e,f,g' }).models).toEqual([...'abcdef']);
  });
});
