const LABELS = 18;

/**
 * Labels 0…17 (10° each) out of RainDirection's `direction.txt`, by stem. Read are: one number per image in the order of `stems`
 * (lines, blanks or commas between), or lines of `name number`. Numbers are degrees, 0 to the right and growing
 * counter-clockwise; only when all are whole and below 18 are they labels already. `stems` in natural order; stems that the
 * text does not speak of are absent from the answer.
 */
export function readDirectionLabels(text: string, stems: readonly string[]): Map<string, number> {
  const rows = text
    .split(/\r?\n/)
    .map((line) => line.split(/[\s,;:]+/).filter((word) => word !== ''))
    .filter((row) => row.length > 0);
  const named = rows.length > 1 && rows.every((row) => row.length === 2);
  return named ? byStem(rows, stems) : byPosition(rows.flat(), stems);
}

function byStem(rows: readonly string[][], stems: readonly string[]): Map<string, number> {
  const angles = new Map(rows.map(([name, angle]) => [name!.replace(/\.[a-z]+$/i, ''), Number(angle)]));
  const toLabel = labelsIn([...angles.values()]);
  const labels = new Map<string, number>();
  for (const stem of stems) {
    const angle = angles.get(stem);
    if (angle !== undefined && Number.isFinite(angle)) labels.set(stem, toLabel(angle));
  }
  return labels;
}

/** When the counts differ, images numbered from 1 find their line by number; other names find none. */
function byPosition(words: readonly string[], stems: readonly string[]): Map<string, number> {
  const angles = words.map(Number);
  const toLabel = labelsIn(angles);
  const labels = new Map<string, number>();
  stems.forEach((stem, index) => {
    const position = angles.length === stems.length ? index : /^\d+$/.test(stem) ? Number(stem) - 1 : -1;
    const angle = angles[position];
    if (angle !== undefined && Number.isFinite(angle)) labels.set(stem, toLabel(angle));
  });
  return labels;
}

function labelsIn(angles: readonly number[]): (angle: number) => number {
  const areLabels = angles.every((angle) => Number.isInteger(angle) && angle >= 0 && angle < LABELS);
  return (angle) => (areLabels ? angle : ((Math.round(angle / 10) % LABELS) + LABELS) % LABELS);
}
