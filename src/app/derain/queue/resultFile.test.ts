import { describe, expect, it } from 'vitest';
import { outputFormat, resultKey, transcodableResult } from './resultFile.ts';
import { editProtection, unprotected } from '../../protect/protecting.ts';
import { emptyQueue, newPhoto } from './state.ts';
import type { Photo, QueueState, SaveFormat } from './state.ts';

const photo = newPhoto('a', 'a.jpg', new Blob(), null);
const { settings } = emptyQueue;

describe('outputFormat', () => {
  const output = (format: SaveFormat, type: string | null, writesWebp = true): string =>
    outputFormat({ ...settings.save, format, writesWebp }, { ...photo, type });

  it('is the kind of file that the photo came as, or PNG where that cannot be written', () => {
    const given = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/heic', null];
    expect(given.map((type) => output('original', type))).toEqual([
      'image/jpeg',
      'image/png',
      'image/webp',
      'image/png',
      'image/png',
      'image/png',
    ]);
    expect(output('original', 'image/webp', false)).toBe('image/png');
  });

  it('is what was chosen, whatever came', () => {
    expect(output('image/jpeg', 'image/png')).toBe('image/jpeg');
    expect(output('image/webp', 'image/jpeg')).toBe('image/webp');
  });

  it('goes by the bytes of a file, and by its name until they are read', () => {
    const named = { type: null, file: new Blob([], { type: 'image/jpeg' }) };
    expect(outputFormat(settings.save, named)).toBe('image/jpeg');
    expect(outputFormat(settings.save, { ...named, type: 'image/webp' })).toBe('image/webp');
  });
});

describe('a kept result is written as another file', () => {
  const models = ['shipped:swift'];
  const jpeg = {
    ...settings,
    model: 'shipped:swift',
    models,
    save: { ...settings.save, format: 'image/jpeg' },
  } as const;
  const kept = (made: QueueState['settings'], type: string): Photo => ({
    ...photo,
    result: { key: resultKey(made, photo), file: new Blob([], { type }) },
  });
  const can = (asked: Partial<QueueState['settings']>, one: Photo): boolean =>
    transcodableResult({ ...emptyQueue, settings: { ...jpeg, ...asked } }, one) !== null;

  it('when it lost no more than that file will', () => {
    const lossy = kept(jpeg, 'image/jpeg');
    expect(can({ save: { ...jpeg.save, quality: 80 } }, lossy)).toBe(true);
    expect(can({ save: { ...jpeg.save, format: 'image/webp' } }, lossy)).toBe(true);
    expect(can({ save: { ...jpeg.save, quality: 95 } }, lossy)).toBe(false);
    expect(can({ save: { ...jpeg.save, format: 'image/png' } }, lossy)).toBe(false);
    const lossless = kept({ ...jpeg, save: { ...jpeg.save, format: 'image/png', quality: 50 } }, 'image/png');
    expect(can({}, lossless)).toBe(true);
  });

  it('and only when it shows the same', () => {
    expect(can({ strength: 50 }, kept(jpeg, 'image/png'))).toBe(false);
    expect(can({}, photo)).toBe(false);
    const protecting = editProtection(unprotected, { paint: { erases: false, radius: 9, points: [1, 2] } });
    expect(can({}, { ...kept(jpeg, 'image/png'), protecting })).toBe(false);
  });
});

it('keeps the form of the text that stored results are known by', () => {
  expect(resultKey({ ...settings, model: 'shipped:swift' }, photo)).toBe(
    '["shipped:swift",100,false,{"format":"image/png","quality":92,"keepMetadata":true,"suffix":""}]',
  );
  const protecting = editProtection(unprotected, { paint: { erases: false, radius: 12.5, points: [1, 2, 30, 4] } });
  expect(resultKey({ ...settings, model: 'shipped:swift' }, { ...photo, protecting })).toMatch(
    /^\["shipped:swift",100,false,\{.*\},"[0-9a-f]{16}"\]$/,
  );
});
