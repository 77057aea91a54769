/** How numbers read on screen: one way each, with the unit. */

const minus = '−';

/** A figure with its unit, which no line break parts: '28.4 dB', '70°'; the figure alone where the unit is empty. */
export function withUnit(figure: string | number, unit: string): string {
  if (unit === '') return String(figure);
  return unit === '°' ? `${figure}°` : `${figure}\u00a0${unit}`;
}

/** A share in whole percent: 0.374 → '37 %'. */
export function formatPercent(share: number): string {
  return withUnit(Math.round(share * 100), '%');
}

/** A metric's value with its unit: '28.43 dB', 'exact' of equal images, '–' where there is none. */
export function formatMetric(value: number | null | undefined, digits: number, unit: string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return Number.isFinite(value) ? withUnit(value.toFixed(digits).replace('-', minus), unit) : 'exact';
}

/** A number with about `digits` significant figures, grouped, with a real minus sign. 0.00080 → '8e-4' only below 0.001. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : `${minus}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const sign = value < 0 ? minus : '';
  if (size < 1e-3 || size >= 1e7) {
    const [mantissa, exponent] = size.toExponential(Math.max(0, digits - 1)).split('e') as [string, string];
    const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return `${sign}${short}e${exponent.replace('+', '').replace('-', minus)}`;
  }
  if (size >= 1000) return sign + formatCount(Math.round(size));
  return sign + String(Number(size.toPrecision(digits)));
}

/** 12345 → '12,345'. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A count with its noun: '1 image', '1,500 images'. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units with at most one decimal: 999 → '999 B', 12_345_678 → '12.3 MB'. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return withUnit(value.toFixed(digits).replace(/\.0$/, ''), byteUnits[unit]!);
}

/** Decibels with two decimals and the unit; '–' when unknown, 'exact' when infinite. */
export function formatDb(value: number | null | undefined): string {
  return formatMetric(value, 2, 'dB');
}

/** A span of time in the two largest units that matter: '42 s', '3 min 20 s', '2 h 5 min', '3 d 4 h'. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return withUnit(seconds, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two(minutes, 'min', minutes < 10 ? seconds % 60 : 0, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return two(hours, 'h', minutes % 60, 'min');
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A span of time, at least '0.1 s', with tenths where they matter: '0.8 s', '12 s', '3 min 20 s'. */
export function formatShortDuration(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 9.95 ? withUnit(Math.max(seconds, 0.1).toFixed(1), 's') : formatDuration(ms);
}

/** A span of time that is only known roughly: 'less than a second', 'about 14 s', 'about 3 min', 'about 2 h'. */
export function formatEstimate(seconds: number): string {
  if (seconds < 0.95) return 'less than a second';
  if (seconds < 90) return `about ${withUnit(Math.round(seconds), 's')}`;
  return `about ${seconds < 90 * 60 ? withUnit(Math.round(seconds / 60), 'min') : withUnit(Math.round(seconds / 3600), 'h')}`;
}

/** Steps a second of a mean duration per step, milliseconds: '4.2 steps/s', or seconds a step when slower than that. */
export function formatRate(stepMs: number | null): string {
  if (stepMs === null || !(stepMs > 0)) return '–';
  return stepMs <= 1000
    ? withUnit(formatNumber(1000 / stepMs, 2), 'steps/s')
    : withUnit(formatNumber(stepMs / 1000, 2), 's/step');
}

/** Billions of operations a second: '4.2 GFLOP/s', '860 GFLOP/s', '1,250 GFLOP/s'. */
export function formatGflops(value: number): string {
  return withUnit(value < 9.95 ? value.toFixed(1) : formatCount(value), 'GFLOP/s');
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const first = withUnit(large, largeUnit);
  return small > 0 ? `${first} ${withUnit(small, smallUnit)}` : first;
}
