import type { DerainScores } from '../../protocol/derainer.ts';
import style from './ControlPanel.module.css';

/** Figures against the truth, before and after; luma, as papers report them. */
export function ResultsSection({ scores: { rainy, derained } }: { readonly scores: DerainScores }) {
  const rows = [
    { name: 'PSNR, luma', unit: 'dB', before: rainy.derained.psnrY, after: derained.derained.psnrY, digits: 2 },
    { name: 'SSIM, luma', unit: '', before: rainy.derained.ssimY, after: derained.derained.ssimY, digits: 4 },
    { name: 'PSNR, RGB', unit: 'dB', before: rainy.derained.psnrRgb, after: derained.derained.psnrRgb, digits: 2 },
    { name: 'Rain map PSNR, luma', unit: 'dB', before: rainy.rainMap.psnrY, after: derained.rainMap.psnrY, digits: 2 },
    { name: 'NIQE (lower is better)', unit: '', before: rainy.niqe, after: derained.niqe, digits: 2 },
  ];
  return (
    <section className={style.section} aria-labelledby="derain-results">
      <h2 id="derain-results" className={style.heading}>
        Against the truth
      </h2>
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">With rain</th>
            <th scope="col">Derained</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, unit, before, after, digits }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{figure(before, digits, unit)}</td>
              <td>{figure(after, digits, unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function figure(value: number | null, digits: number, unit: string): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return 'exact';
  return `${value.toFixed(digits)}${unit ? ` ${unit}` : ''}`;
}
