import { describe, expect, it } from 'vitest';
import { formatRoute, linkTo, mergeSettings, parseRoute, useRoute } from './route.ts';

describe('the address', () => {
  it('reads view and settings', () => {
    expect(parseRoute('#/train?lambda=1.2&preset=quick')).toEqual({
      view: 'train',
      settings: { lambda: '1.2', preset: 'quick' },
    });
    expect(parseRoute('#/library')).toEqual({ view: 'library', settings: {} });
  });

  it('takes an empty, foreign or damaged address for Derain', () => {
    for (const hash of ['', '#', '#/', '#/nowhere?a=1', '#train=1', '#/__proto__']) {
      expect(parseRoute(hash)).toEqual({ view: 'derain', settings: {} });
    }
  });

  it('survives a round trip with awkward characters, names sorted', () => {
    const route = { view: 'derain', settings: { z: 'a&b=c#d', name: 'déjà vu %20', empty: '' } } as const;
    expect(parseRoute(formatRoute(route))).toEqual(route);
    expect(formatRoute({ view: 'derain', settings: { b: '2', a: '1' } })).toBe('#/derain?a=1&b=2');
  });

  it('lays changes over settings, null taking a name out', () => {
    expect(mergeSettings({ a: '1', b: '2' }, { b: null, c: '3' })).toEqual({ a: '1', c: '3' });
  });

  it('links to a view as it was last seen', () => {
    useRoute.setState((state) => ({ settings: { ...state.settings, train: { lambda: '0' } } }));
    expect(linkTo('train')).toBe('#/train?lambda=0');
    expect(linkTo('train', {})).toBe('#/train');
  });
});
