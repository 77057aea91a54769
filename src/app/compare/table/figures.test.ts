import { describe, expect, it } from 'vitest';
import { metrics } from '../../../core/metrics/metrics.ts';
import type { EvaluationRow } from '../../../protocol/derainer.ts';
import { awaitedLine, figuresLine, longLabel, sizeLine, timeLine } from './figures.ts';

const row = (label: string, change: Partial<EvaluationRow>): EvaluationRow => ({
  name: label,
  label,
  unit: '',
  digits: 4,
  higherIsBetter: true,
  of: 'image',
  channels: 'y',
  value: 0.9,
  ...change,
});
const rows = [
  row('PSNR-Y', { unit: 'dB', digits: 2, value: 28.428 }),
  row('SSIM-Y', {}),
  row('PSNR-RGB', { channels: 'rgb', unit: 'dB', digits: 2, value: 27 }),
  row('map PSNR-Y', { of: 'rainMap', unit: 'dB', digits: 2, value: Infinity }),
  row('NIQE', { channels: null, digits: 3, value: 3.2 }),
  row('LPIPS', { channels: null, value: null }),
];

describe('figures under an image', () => {
  it('say on which channels they were taken, and leave out what there is not', () => {
    expect(figuresLine(rows, 'image', 'y')).toBe('PSNR-Y 28.43\u00a0dB · SSIM-Y 0.9000 · NIQE 3.200');
    expect(figuresLine(rows, 'image', 'rgb')).toBe('PSNR-RGB 27.00\u00a0dB · NIQE 3.200');
    expect(figuresLine(rows, 'rainMap', 'y')).toBe('PSNR-Y exact');
    expect(figuresLine([], 'image', 'y')).toBe('');
  });

  it.each(['image', 'rainMap'] as const)('of an %s are named, and have their room, before they are there', (of) => {
    for (const hasTruth of [true, false])
      for (const channels of ['y', 'rgb'] as const) {
        const rows = metrics.map((metric): EvaluationRow => ({
          ...metric,
          value: metric.needsReference && !hasTruth ? null : metric.unit === 'dB' ? 28.43 : 0.9,
        }));
        const line = figuresLine(rows, of, channels);
        expect(awaitedLine(of, hasTruth, channels, 'dashes')).toBe(line.replaceAll(/\d+\.\d+(\u00a0dB)?/g, '–'));
        expect(awaitedLine(of, hasTruth, channels, 'wide').length).toBeGreaterThanOrEqual(line.length);
      }
  });

  it('have a heading of their own for the rain map', () => {
    expect(longLabel(rows[3]!)).toBe('Rain map PSNR-Y');
    expect(longLabel(rows[0]!)).toBe('PSNR-Y');
  });

  it('tell what a derainer costs', () => {
    expect(timeLine(2400, { width: 1000, height: 500 })).toBe('2.40\u00a0s · 4.8\u00a0s/MP');
    expect(sizeLine(58_611, 58_123)).toBe('58,611 parameters · 58.1\u00a0k multiply-adds/pixel');
    expect(sizeLine(1_270_348, 1_234_567)).toContain('1.23\u00a0M');
    expect(sizeLine(12, null)).toBe('12 parameters');
  });
});
