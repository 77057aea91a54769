/** Where squares of `side` pixels begin along `length` pixels: evenly, at most half a side apart, the first and last at the ends; only 0 if too short. */
export function cropPlaces(length: number, side: number): number[] {
  const last = Math.max(0, length - side);
  const steps = Math.ceil(last / (side / 2));
  return Array.from({ length: steps + 1 }, (_, i) => (steps === 0 ? 0 : Math.round((i * last) / steps)));
}
