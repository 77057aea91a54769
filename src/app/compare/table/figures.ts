import type { EvaluationRow } from '../../../protocol/derainer.ts';
import { formatCount, formatMetric, formatNumber, withUnit } from '../../ui/format.ts';
import type { ChannelChoice } from '../session/settings.ts';
import type { Size } from '../../zoom/viewport.ts';

/** The rows for a choice of channels: those of others are left out. */
export function rowsOn(rows: readonly EvaluationRow[], channels: ChannelChoice): EvaluationRow[] {
  return rows.filter((row) => row.channels === null || row.channels === channels);
}

/** Figures of an image or of its rain map, in a line: 'PSNR-Y 28.43 dB · SSIM-Y 0.9012 · NIQE 3.215'; empty when there are none. */
export function figuresLine(rows: readonly EvaluationRow[], of: EvaluationRow['of'], channels: ChannelChoice): string {
  return rowsOn(rows, channels)
    .filter((row) => row.of === of && row.value !== null)
    .map(({ label, value, digits, unit }) => `${shortLabel(label)} ${formatMetric(value, digits, unit)}`)
    .join(' · ');
}

/** The metrics of `figuresLine`, each with a value as wide as they come; those that compare need the ground truth. */
const USUAL = [
  { label: 'PSNR', compares: true, wide: withUnit('00.00', 'dB') },
  { label: 'SSIM', compares: true, wide: '0.0000' },
  { label: 'NIQE', compares: false, wide: '00.000' },
] as const;

/** What `figuresLine` will hold, before anything was measured: `dashes` for the values, or `wide` ones that take their room. */
export function awaitedLine(
  of: EvaluationRow['of'],
  hasTruth: boolean,
  channels: ChannelChoice,
  values: 'dashes' | 'wide',
): string {
  return USUAL.filter(({ compares }) => (compares ? hasTruth : of === 'image'))
    .map(({ label, compares, wide }) => {
      const name = compares ? `${label}-${channels.toUpperCase()}` : label;
      return `${name} ${values === 'wide' ? wide : '–'}`;
    })
    .join(' · ');
}

/** The label of a metric without the word that says it is of the rain map. */
function shortLabel(label: string): string {
  return label.replace(/^map /, '');
}

/** A metric's label as a heading of its own. */
export function longLabel({ label, of }: Pick<EvaluationRow, 'label' | 'of'>): string {
  return of === 'rainMap' ? `Rain map ${shortLabel(label)}` : label;
}

/** What a derainer costs on an image: '2.4 s · 1.6 s/MP'. */
export function timeLine(ms: number, { width, height }: Size): string {
  const seconds = ms / 1000;
  return `${withUnit(seconds.toFixed(2), 's')} · ${withUnit(formatNumber((seconds * 1e6) / (width * height)), 's/MP')}`;
}

/** How large a network is: '58,611 parameters · 58.1 k multiply-adds/pixel'. */
export function sizeLine(parameters: number, multiplyAdds: number | null): string {
  const count = `${formatCount(parameters)} parameters`;
  return multiplyAdds === null ? count : `${count} · ${thousands(multiplyAdds)} multiply-adds/pixel`;
}

/** 58123 → '58.1 k', 1_234_567 → '1.23 M'. */
export function thousands(value: number): string {
  if (value < 1000) return formatNumber(value);
  return value < 1e6 ? withUnit(formatNumber(value / 1e3), 'k') : withUnit(formatNumber(value / 1e6), 'M');
}
