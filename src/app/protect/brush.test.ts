import { beforeEach, describe, expect, it } from 'vitest';
import type { Stroke } from '../../core/inference/protection.ts';
import { useStageView } from '../stage/gestures.ts';
import { stageLayers } from '../stage/layers.ts';
import { brushFor, brushKey, extendedStroke, sizeBrush, toggleBrush, useBrush } from './brush.ts';

let made: Stroke[] = [];
const keep = (stroke: Stroke): void => void made.push(stroke);
const brush = brushFor(keep);
const press = (...keys: string[]): boolean[] =>
  keys.map((key) => brushKey({ key: key.replace('Shift+', ''), shiftKey: key.startsWith('Shift+') }, keep));

/** A photo of 400 × 300 at half its size, its corner at (100, 50) of the stage. */
beforeEach(() => {
  made = [];
  stageLayers.size = { width: 400, height: 300 };
  useStageView.setState({ view: { scale: 0.5, x: 100, y: 50 }, frame: { width: 400, height: 250 } });
  toggleBrush(true);
  useBrush.setState({ size: 40, erases: false });
});

describe('a pointer', () => {
  it('makes a stroke in the photo’s own pixels, as wide as the brush looks', () => {
    brush.begin({ x: 100, y: 50 });
    brush.extend({ x: 101, y: 50 });
    brush.extend({ x: 150, y: 100 });
    brush.end();
    expect(made).toEqual([{ erases: false, radius: 40, points: [0, 0, 100, 100] }]);
    expect(useBrush.getState().stroke).toBeNull();
  });

  it('makes none when a second finger comes', () => {
    brush.begin({ x: 100, y: 50 });
    brush.drop();
    brush.end();
    expect(made).toEqual([]);
  });
});

describe('keys', () => {
  it('put the brush down, move it and lift it', () => {
    press(' ', 'ArrowRight', 'Shift+ArrowDown', 'Enter');
    expect(made).toEqual([{ erases: false, radius: 40, points: [200, 150, 220, 150, 220, 300] }]);
    expect(useBrush.getState().spoken).toBe('Brush lifted, 55\u00a0% from the left, 100\u00a0% from the top');
  });

  it('move it without a trace while it is up, and never off the photo', () => {
    press(...Array.from({ length: 30 }, () => 'ArrowLeft'), ' ', ' ');
    expect(made).toEqual([{ erases: false, radius: 40, points: [0, 150] }]);
  });

  it('change its size, erase, and put it away', () => {
    press(']', 'e');
    expect(useBrush.getState()).toMatchObject({ size: 50, erases: true });
    press(' ', 'Escape');
    expect(useBrush.getState()).toMatchObject({ active: true, stroke: null });
    press('Escape');
    expect(useBrush.getState().active).toBe(false);
    expect(press('ArrowLeft'), 'then they are the stage’s').toEqual([false]);
    expect(made).toEqual([]);
  });

  it('leave the others to the stage', () => {
    expect(press('+', '0', 'o')).toEqual([false, false, false]);
  });
});

it('keeps its size within bounds', () => {
  sizeBrush(1);
  expect(useBrush.getState().size).toBe(8);
  sizeBrush(1000);
  expect(useBrush.getState().size).toBe(240);
});

it('leaves out points that are too near to be seen', () => {
  const stroke = { erases: false, radius: 20, points: [0, 0] };
  expect(extendedStroke(stroke, { x: 4.9, y: 0 })).toBe(stroke);
  expect(extendedStroke(stroke, { x: 5.04, y: 0 }).points).toEqual([0, 0, 5, 0]);
});
