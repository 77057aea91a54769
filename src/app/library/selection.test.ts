import { describe, expect, it } from 'vitest';
import { NOTHING, chooseAll, chooseOne, extendTo, moved, toggle } from './selection.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
const chosen = (selection: { readonly chosen: ReadonlySet<string> }): string => [...selection.chosen].join('');

describe('choosing', () => {
  it('replaces, adds and takes away', () => {
    const one = chooseOne('b');
    expect(chosen(one)).toBe('b');
    const two = toggle(one, 'd');
    expect(chosen(two)).toBe('bd');
    expect(chosen(toggle(two, 'b'))).toBe('d');
    expect(chosen(chooseAll(NOTHING, ids))).toBe('abcde');
  });

  it('extends from the anchor in both directions', () => {
    const from = chooseOne('c');
    const right = extendTo(from, ids, 'e');
    expect(chosen(right)).toBe('cde');
    expect(chosen(extendTo(right, ids, 'a'))).toBe('abc');
  });

  it('begins anew when the anchor has left the list', () => {
    expect(chosen(extendTo(chooseOne('gone'), ids, 'b'))).toBe('b');
  });
});

describe('moving in a grid of 7 in rows of 3', () => {
  const go = (key: string, at: number): number | null => moved(key, at, 7, 3, 2);

  it('moves along rows and columns and stops at the edges', () => {
    expect(go('ArrowRight', 2)).toBe(3);
    expect(go('ArrowLeft', 0)).toBe(0);
    expect(go('ArrowDown', 1)).toBe(4);
    expect(go('ArrowDown', 5)).toBe(5);
    expect(go('ArrowUp', 1)).toBe(1);
  });

  it('jumps by pages and to the ends, and leaves other keys alone', () => {
    expect(go('PageDown', 1)).toBe(6);
    expect(go('PageUp', 4)).toBe(0);
    expect(go('End', 0)).toBe(6);
    expect(go('Home', 6)).toBe(0);
    expect(go('x', 3)).toBeNull();
  });
});
