import { describe, expect, it } from 'vitest';
import { editProtection, protectionId, unprotected } from './protecting.ts';
import type { Protecting, ProtectionEdit } from './protecting.ts';

const stroke = (x: number) => ({ erases: false, radius: 5, points: [x, 0] });
const after = (...edits: ProtectionEdit[]): Protecting => edits.reduce(editProtection, unprotected);
const places = ({ strokes }: Protecting): number[] => strokes.map(({ points }) => points[0]!);

describe('editProtection', () => {
  it('takes strokes back and brings them again', () => {
    expect(places(after({ paint: stroke(1) }, { paint: stroke(2) }, 'undo'))).toEqual([1]);
    expect(places(after({ paint: stroke(1) }, { paint: stroke(2) }, 'undo', 'undo', 'redo', 'redo'))).toEqual([1, 2]);
    expect(places(after({ paint: stroke(1) }, 'undo', { paint: stroke(3) }, 'redo')), 'a new stroke ends that').toEqual(
      [3],
    );
  });

  it('clears everything at once, and takes that back too', () => {
    const cleared = after({ paint: stroke(1) }, { paint: stroke(2) }, 'clear');
    expect(places(cleared)).toEqual([]);
    expect(places(editProtection(cleared, 'undo'))).toEqual([1, 2]);
    expect(places(editProtection(cleared, { paint: stroke(4) }))).toEqual([4]);
  });

  it('is the same state when there is nothing to do', () => {
    for (const edit of ['undo', 'redo', 'clear'] as const) expect(editProtection(unprotected, edit)).toBe(unprotected);
  });
});

it('knows what is protected by a short text', () => {
  const [one, two] = [after({ paint: stroke(1) }), after({ paint: stroke(1) }, { paint: stroke(2) })];
  expect(protectionId(unprotected.strokes)).toBe('');
  expect(protectionId(one.strokes)).toMatch(/^[0-9a-f]{16}$/);
  expect(protectionId(one.strokes)).not.toBe(protectionId(two.strokes));
  expect(protectionId(editProtection(two, 'undo').strokes)).toBe(protectionId(one.strokes));
});
