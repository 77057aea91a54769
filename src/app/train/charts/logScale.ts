/** Limits of a logarithmic axis: a little air around the values, and at least a factor of two. Null or unusable: 0.1…1. */
export function logRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !(low > 0) || !Number.isFinite(high) || high < low) return [0.1, 1];
  const air = Math.max(1.08, Math.sqrt(2 / (high / low)));
  return [low / air, high * air];
}

/** From coarse to fine: the first that gives three ticks is taken. */
const factorSets = [
  [1],
  [1, 2, 5],
  [1, 2, 3, 4, 5, 7],
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
] as const;

/** Ticks of a logarithmic axis: few round factors of powers of ten between the limits. */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !Number.isFinite(high)) return [];
  let ticks: number[] = [];
  for (const factors of factorSets) {
    ticks = multiples(low, high, factors);
    if (ticks.length >= 3) break;
  }
  return ticks;
}

function multiples(low: number, high: number, factors: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    for (const factor of factors) {
      const tick = Number(`${factor}e${exponent}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}
