import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, isFitted, pannedBy, reframed, toImage, visiblePart, zoomedBy, zoomedTo, zoomOf } from './viewport.ts';

const frame = { width: 800, height: 600 };
const photo = { width: 4000, height: 2000 };
const start = fitted(photo, frame, 1);

describe('fitted', () => {
  it('shows the whole image in the middle', () => {
    expect(start).toEqual({ scale: 0.2, x: 0, y: 100 });
    expect(visiblePart(start, photo, frame)).toEqual({ left: 0, top: 0, width: 4000, height: 2000 });
  });

  it('blows a small image up three times at most', () => {
    expect(fitted({ width: 100, height: 100 }, frame, 2)).toEqual({ scale: 1.5, x: 325, y: 225 });
  });
});

describe('zooming', () => {
  it('keeps the point under the pointer where it is', () => {
    const anchor = { x: 500, y: 320 };
    const before = toImage(start, anchor);
    const after = toImage(zoomedBy(start, 6, anchor, photo, frame, 1), anchor);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  it('counts 100 % as one image pixel per screen pixel', () => {
    const view = zoomedTo(start, 1, { x: 400, y: 300 }, photo, frame, 2);
    expect(zoomOf(view, 2)).toBe(1);
    expect(view.scale).toBe(0.5);
  });

  it('ends at 800 % and at the fitted view', () => {
    expect(zoomedBy(start, 1e6, { x: 0, y: 0 }, photo, frame, 1).scale).toBe(8);
    expect(zoomedBy(start, 1e-6, { x: 0, y: 0 }, photo, frame, 1)).toEqual(start);
  });

  it('shows a small image at 100 % too', () => {
    const small = { width: 400, height: 300 };
    const view = zoomedTo(fitted(small, frame, 1), 1, { x: 0, y: 0 }, small, frame, 1);
    expect(view).toEqual({ scale: 1, x: 200, y: 150 });
  });
});

describe('panning', () => {
  it('stops at the edges', () => {
    const close = zoomedTo(start, 1, { x: 400, y: 300 }, photo, frame, 1);
    expect(pannedBy(close, 1e6, 1e6, photo, frame)).toEqual({ scale: 1, x: 0, y: 0 });
    expect(pannedBy(close, -1e6, -1e6, photo, frame)).toEqual({ scale: 1, x: 800 - 4000, y: 600 - 2000 });
    expect(pannedBy(start, 50, 50, photo, frame)).toEqual(start);
  });

  it('never shows a gap beside an image that is larger than the frame', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0.2, max: 5, noNaN: true }),
            fc.integer({ min: -900, max: 900 }),
            fc.integer({ min: -900, max: 900 }),
          ),
          { maxLength: 8 },
        ),
        (moves) => {
          let view = start;
          for (const [factor, x, y] of moves) {
            view = pannedBy(
              zoomedBy(view, factor, { x: 400 + x / 3, y: 300 + y / 3 }, photo, frame, 1),
              x,
              y,
              photo,
              frame,
            );
          }
          const right = view.x + photo.width * view.scale;
          expect(view.x).toBeLessThanOrEqual(1e-6);
          expect(right).toBeGreaterThanOrEqual(frame.width - 1e-6);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('reframed', () => {
  it('keeps a fitted image fitted, and the middle of another in the middle', () => {
    const smaller = { width: 400, height: 500 };
    expect(isFitted(reframed(start, photo, frame, smaller, 1), photo, smaller, 1)).toBe(true);
    const close = zoomedTo(start, 2, { x: 300, y: 300 }, photo, frame, 1);
    const middle = toImage(close, { x: 400, y: 300 });
    const after = toImage(reframed(close, photo, frame, smaller, 1), { x: 200, y: 250 });
    expect(after.x).toBeCloseTo(middle.x, 6);
    expect(after.y).toBeCloseTo(middle.y, 6);
  });
});
