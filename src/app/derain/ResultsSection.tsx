import type { DerainScores } from '../../protocol/derainer.ts';
import style from './ControlPanel.module.css';

/** Figures against the truth, before and after. */
export function ResultsSection({ scores: { rows } }: { readonly scores: DerainScores }) {
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
          {rows.map(({ name, label, unit, digits, higherIsBetter, rainy, derained }) => (
            <tr key={name}>
              <th scope="row">{higherIsBetter ? label : `${label} (lower is better)`}</th>
              <td>{figure(rainy, digits, unit)}</td>
              <td>{figure(derained, digits, unit)}</td>
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
