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

  it('moves no farther than it takes to show a place', () => {
    control.zoomTo(1, { x: 0, y: 0 });
    const before = view;
    control.panIntoView(toImage(view, middle));
    expect(view, 'it is in sight').toBe(before);
    control.panIntoView({ x: 900, y: 250 });
    expect(900 * view.scale + view.x).toBe(frame.width - 24);
  });
});

describe('a tool', () => {
  let log: string[];
  let element: HTMLElement;
  const send = (type: string, pointerId: number, x: number, button = 0): void => {
    element.dispatchEvent(Object.assign(new Event(type), { pointerId, button, clientX: x, clientY: 0 }));
  };

  beforeEach(() => {
    log = [];
    element = Object.assign(new EventTarget(), { setPointerCapture: () => undefined }) as unknown as HTMLElement;
    const note =
      (what: string) =>
      (place?: { readonly x: number } | null): void =>
        void log.push(place ? `${what} ${place.x}` : what);
    const tool = {
      hover: note('hover'),
      begin: note('begin'),
      extend: note('extend'),
      end: note('end'),
      drop: note('drop'),
    };
    control.listen(element, { placeOf: ({ clientX, clientY }) => ({ x: clientX, y: clientY }), tool });
    control.zoomTo(2);
  });

  it('has the drags of one finger, and moves nothing', () => {
    const before = view;
    send('pointermove', 1, 3);
    send('pointerdown', 1, 5);
    send('pointermove', 1, 8);
    send('pointerup', 1, 8);
    send('dblclick', 1, 8);
    send('pointerleave', 1, 9);
    expect(log).toEqual(['hover 3', 'begin 5', 'extend 8', 'end', 'hover']);
    expect(view).toBe(before);
  });

  it('leaves two fingers and the middle button to the view', () => {
    send('pointerdown', 1, 100);
    send('pointerdown', 2, 200);
    const { scale } = view;
    send('pointermove', 2, 300);
    send('pointerup', 2, 300);
    send('pointerup', 1, 100);
    expect(log).toEqual(['begin 100', 'drop']);
    expect(view.scale).toBeGreaterThan(scale);
    const { x } = view;
    send('pointerdown', 1, 100, 1);
    send('pointermove', 1, 90);
    send('pointerup', 1, 90);
    expect(log).toEqual(['begin 100', 'drop', 'drop']);
    expect(view.x).toBe(x - 10);
  });
});
