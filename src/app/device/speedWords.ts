/** Billions of operations a second: '4.2 GFLOP/s', '860 GFLOP/s', '1,250 GFLOP/s'. */
export function gflops(value: number): string {
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} GFLOP/s`;
}

/** A span of time that is only known roughly: 'less than a second', 'about 14 s', 'about 3 min', 'about 2 h'. */
export function roughly(seconds: number): string {
  if (seconds < 0.95) return 'less than a second';
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  return seconds < 90 * 60 ? `about ${Math.round(seconds / 60)} min` : `about ${Math.round(seconds / 3600)} h`;
}
