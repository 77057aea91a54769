import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent, SVGProps } from 'react';
import { directionIndex, directionLabels } from '../../core/rain/direction.ts';

/** Nearer to the centre than this, CSS pixels, a pointer means no direction. */
const DEAD_RADIUS = 6;

/**
 * What makes an SVG whose centre is the middle a compass of rain directions: a slider that is moved by dragging or with arrow, Page, Home
 * and End keys, and snaps to the 18 labels. `direction` 0…17, 10° each, 0 to the right, counter-clockwise.
 */
export function useDial(direction: number, onChange: (direction: number) => void): SVGProps<SVGSVGElement> {
  const dial = useRef<SVGSVGElement>(null);
  const turn = (next: number): void => {
    if (next !== direction) onChange(next);
  };
  const follow = (event: PointerEvent): void => {
    const box = dial.current!.getBoundingClientRect();
    const right = event.clientX - (box.left + box.width / 2);
    const up = box.top + box.height / 2 - event.clientY;
    if (Math.hypot(right, up) >= DEAD_RADIUS) turn(directionIndex((Math.atan2(up, right) * 180) / Math.PI));
  };
  return {
    ref: dial,
    role: 'slider',
    tabIndex: 0,
    'aria-valuemin': 0,
    'aria-valuemax': (directionLabels - 1) * 10,
    'aria-valuenow': direction * 10,
    'aria-valuetext': `${direction * 10} degrees`,
    onKeyDown(event: KeyboardEvent) {
      const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 3, PageDown: -3 }[event.key];
      const next =
        by !== undefined ? directionIndex((direction + by) * 10) : { Home: 0, End: directionLabels - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      turn(next);
    },
    onPointerDown(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
      follow(event);
    },
    onPointerMove(event) {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
    },
  };
}
