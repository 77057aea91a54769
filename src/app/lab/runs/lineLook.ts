const COLORS = 6;

/** The colour token of line number `index`. */
export function lineToken(index: number): string {
  return `--line-${(index % COLORS) + 1}`;
}

/** Lines beyond the colours are dashed; undefined: solid. */
export function lineDash(index: number): number[] | undefined {
  const round = Math.floor(index / COLORS);
  return round === 0 ? undefined : [6, 2 + 2 * round];
}
