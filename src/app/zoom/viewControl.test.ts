import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ViewControl } from './viewControl.ts';
import { fitted, toImage } from './viewport.ts';
import type { Viewport } from './viewport.ts';

const size = { width: 1000, height: 500 };
const frame = { width: 500, height: 400 };
const middle = { x: 250, y: 200 };

let view: Viewport;
let control: ViewControl;

beforeEach(() => {
  vi.stubGlobal('devicePixelRatio', 1);
  view = fitted(size, frame, 1);
  control = new ViewControl({ read: () => ({ view, frame, size }), write: (next) => (view = next) });
});

describe('looking at an image', () => {
  it('goes in and out by keys about the middle, and back to the whole image', () => {
    const at = toImage(view, middle);
    expect(control.key('+')).toBe(true);
    expect(control.isAtFit()).toBe(false);
    expect(toImage(view, middle)).toEqual(at);
    control.key('ArrowRight');
    expect(toImage(view, middle).x).toBeGreaterThan(at.x);
    control.key('0');
    expect(control.isAtFit()).toBe(true);
    expect(control.key('x')).toBe(false);
  });

  it('shows 100 % where it is asked to, and the whole image when asked again', () => {
    const point = { x: 200, y: 150 };
    const at = toImage(view, point);
    control.toggleFull(point);
    expect(view.scale).toBe(1);
    expect(toImage(view, point)).toEqual(at);
    control.toggleFull(point);
    expect(control.isAtFit()).toBe(true);
  });

  it('stays still while there is no image', () => {
    const empty = new ViewControl({
      read: () => ({ view: null, frame, size: null }),
      write: () => expect.unreachable('There is nothing to move.'),
    });
    empty.zoomBy(2);
    empty.fit();
    expect(empty.isAtFit()).toBe(true);
  });
});
