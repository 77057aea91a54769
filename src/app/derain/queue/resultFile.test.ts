import { describe, expect, it } from 'vitest';
import { resultKey, transcodableResult } from './resultFile.ts';
import { editProtection, unprotected } from '../../protect/protecting.ts';
import { newPhoto } from './photo.ts';
import { emptyQueue } from './state.ts';
import type { Photo } from './photo.ts';
import type { QueueState } from './state.ts';

const photo = newPhoto('a', 'a.jpg', new Blob(), null);
const { settings } = emptyQueue;

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
