import type { DerainScores, ScoreRow } from '../../protocol/derainer.ts';

interface Similarity {
  readonly psnrY: number;
  readonly ssimY: number;
  readonly psnrRgb: number;
}

interface ImageScores {
  readonly derained: Similarity;
  readonly rainMap: Similarity;
  readonly niqe: number | null;
}

/** Scores as they were stored before they carried rows. */
interface ScoresWithoutRows {
  readonly rainy: ImageScores;
  readonly derained: ImageScores;
}

/** Stored scores of today's form or of the one before it; null for none. */
export function readStoredScores(stored: DerainScores | ScoresWithoutRows | null): DerainScores | null {
  if (stored === null || 'rows' in stored) return stored;
  const row = (
    name: string,
    label: string,
    unit: ScoreRow['unit'],
    digits: number,
    of: (scores: ImageScores) => number | null,
  ): ScoreRow => ({
    name,
    label,
    unit,
    digits,
    higherIsBetter: name !== 'niqe',
    rainy: of(stored.rainy),
    derained: of(stored.derained),
  });
  return {
    refused: false,
    rows: [
      row('psnrY', 'PSNR-Y', 'dB', 2, ({ derained }) => derained.psnrY),
      row('ssimY', 'SSIM-Y', '', 4, ({ derained }) => derained.ssimY),
      row('psnrRgb', 'PSNR-RGB', 'dB', 2, ({ derained }) => derained.psnrRgb),
      row('mapPsnrY', 'map PSNR-Y', 'dB', 2, ({ rainMap }) => rainMap.psnrY),
      row('niqe', 'NIQE', '', 3, ({ niqe }) => niqe),
    ],
  };
}
