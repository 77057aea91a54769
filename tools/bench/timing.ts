/** Milliseconds that an action takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Times ours, the other, ours, … in turns, so that whatever slows the machine slows both. Medians in milliseconds. */
export async function alternate(
  ours: () => Promise<unknown>,
  other: () => Promise<unknown>,
  rounds: number,
): Promise<{ ours: number; other: number; ratio: number }> {
  const oursMs: number[] = [await timed(ours)];
  const otherMs: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    otherMs.push(await timed(other));
    oursMs.push(await timed(ours));
    ratios.push(otherMs.at(-1)! / ((oursMs.at(-1)! + oursMs.at(-2)!) / 2));
  }
  return { ours: median(oursMs), other: median(otherMs), ratio: median(ratios) };
}
