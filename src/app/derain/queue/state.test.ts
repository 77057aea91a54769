import { describe, expect, it } from 'vitest';
import { foundLittle, newPhoto, queueProgress } from './photo.ts';
import type { Photo } from './photo.ts';

const photo = (change: Partial<Photo>): Photo => ({ ...newPhoto('a', 'a.jpg', new Blob(), null), ...change });
const size = { width: 100, height: 100 };

describe('queueProgress', () => {
  it('counts, and expects of the rest the time per pixel of what is done', () => {
    const photos = [
      photo({ state: 'done', size, ms: 1000 }),
      photo({ state: 'done', size: { width: 300, height: 100 }, ms: 3000 }),
      photo({ state: 'working', size, share: 0.5 }),
      photo({ state: 'waiting' }),
      photo({ state: 'refused' }),
      photo({ state: 'failed', size }),
      photo({ state: 'cancelled', size }),
    ];
    // 0.1 ms a pixel; 5,000 pixels are left of one, and the other is as large as usual: 20,000.
    expect(queueProgress(photos)).toEqual({ total: 7, done: 2, bad: 2, open: 2, cancelled: 1, msLeft: 2500 });
  });

  it('promises nothing before the first is done, or when nothing is left', () => {
    expect(queueProgress([photo({}), photo({})]).msLeft).toBeNull();
    expect(queueProgress([photo({ state: 'done', size, ms: 10 })]).msLeft).toBeNull();
  });
});

it('tells a result that changed next to nothing from one that was not measured', () => {
  expect([0, 0.25, 0.31, 4, null].map((residual) => foundLittle(photo({ residual })))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
