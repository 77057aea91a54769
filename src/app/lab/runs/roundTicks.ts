/** Round numbers within low…high, two to six of them where these differ: 24.4…26 → 24.5, 25, 25.5, 26. */
export function roundTicks(low: number, high: number): number[] {
  const least = (high - low) / 5;
  if (!(least > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9))! * power;
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
