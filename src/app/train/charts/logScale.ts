/** Limits of a logarithmic axis: a little air around the values, and at least a factor of two. Null or unusable: 0.1…1. */
export function logRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !(low > 0) || !Number.isFinite(high) || high < low) return [0.1, 1];
  const air = Math.max(1.08, Math.sqrt(2 / (high / low)));
  return [low / air, high * air];
}

/** Ticks of a logarithmic axis: 1, 2 and 5 times powers of ten; powers of ten alone when there are many. */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !Number.isFinite(high)) return [];
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const factors = last - first > 4 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (const factor of factors) {
      const tick = Number(`${factor}e${exponent}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}
