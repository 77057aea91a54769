import type { TableFormat } from '../../../core/metrics/tableText.ts';
import { measures, resultTable, spreadText, type ResultRow } from '../../../core/training/experimentResults.ts';
import { Button } from '../../ui/Button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import style from './Comparison.module.css';

const formats: readonly { readonly id: TableFormat; readonly label: string; readonly ending: string }[] = [
  { id: 'csv', label: 'CSV', ending: 'csv' },
  { id: 'markdown', label: 'Markdown', ending: 'md' },
  { id: 'latex', label: 'LaTeX', ending: 'tex' },
];

/** The latest validation of every variant, and its files. `name`: of the files, without their ending. */
export function ResultsTable({ rows, name }: { readonly rows: readonly ResultRow[]; readonly name: string }) {
  const save = (format: (typeof formats)[number]): void =>
    saveFile(new Blob([resultTable(rows, format.id)], { type: 'text/plain' }), `${name}.${format.ending}`);
  return (
    <section className={`${style.part} ${style.results}`} aria-label="Results">
      <div className={style.partHead}>
        <h3 className={style.heading}>Results</h3>
        <span className={style.exports}>
          {formats.map((format) => (
            <Button
              key={format.id}
              variant="quiet"
              icon={<Icon name="download" size={16} />}
              onClick={() => save(format)}
            >
              {format.label}
            </Button>
          ))}
        </span>
      </div>
      {/* Focusable so that the keyboard can scroll a wide table. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={style.scroll} tabIndex={0} role="region" aria-label="Table of results">
        <table className={style.table}>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col">Steps</th>
              {measures.map(({ id, label, unit }) => (
                <th key={id} scope="col">
                  {label}
                  {unit && `, ${unit}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ variant, step, seeds, spreads }) => (
              <tr key={variant}>
                <th scope="row">{variant}</th>
                <td>{formatCount(step)}</td>
                {measures.map(({ id, digits }) => (
                  <td key={id}>{spreadText(spreads[id]!, digits, seeds.length > 1)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={style.note}>
        On Y of the held-out images, moving average of the weights, at each run’s latest validation.
      </p>
    </section>
  );
}
