import { useMemo, useState } from 'react';
import type { TableFormat } from '../../../core/metrics/tableText.ts';
import { Button } from '../../ui/Button.tsx';
import { FileButton } from '../../ui/FileButton.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useComparison } from '../session/comparison.ts';
import { openLpips } from '../session/modelFiles.ts';
import { useCompareSettings } from '../session/settings.ts';
import { useComparedModels } from '../session/useCompared.ts';
import { countOf } from '../../ui/format.ts';
import { bestValue, cellText, comparisonTable, heading, sortedRows, tableFile } from './comparisonTable.ts';
import type { Column, ComparisonTable, Sorting } from './comparisonTable.ts';
import style from './ResultsTable.module.css';

const formats: readonly { readonly id: TableFormat; readonly label: string; readonly ending: string }[] = [
  { id: 'csv', label: 'CSV', ending: 'csv' },
  { id: 'markdown', label: 'Markdown', ending: 'md' },
  { id: 'latex', label: 'LaTeX', ending: 'tex' },
];

/** All figures of all derainers over all images, sorted by any column, and as files. */
export function ResultsTable() {
  const images = useComparison((state) => state.images);
  const cells = useComparison((state) => state.cells);
  const inputs = useComparison((state) => state.inputs);
  const models = useComparedModels();
  const { channels } = useCompareSettings();
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const table = useMemo(
    () => comparisonTable({ images, cells, inputs }, models, channels),
    [images, cells, inputs, models, channels],
  );
  const rows = sortedRows(table.rows, sorting);
  const known = images.filter(({ truth }) => truth !== null).length;
  const sort = (column: Column | 'name'): void => {
    const id = column === 'name' ? column : column.id;
    const first = column !== 'name' && column.better === 'higher';
    if (sorting?.column !== id) setSorting({ column: id, descending: first });
    else setSorting(sorting.descending === first ? { column: id, descending: !first } : null);
  };

  return (
    <section className={style.table} aria-labelledby="compare-table">
      <div className={style.head}>
        <h2 id="compare-table" className={style.heading}>
          Mean over {images.length === 1 ? '1 image' : `${images.length} images`}
        </h2>
        <Exports table={{ ...table, rows }} />
      </div>
      <FiguresTable table={{ ...table, rows }} sorting={sorting} onSort={sort} />
      <p className={style.note}>
        PSNR and SSIM need ground truth, known for {known} of {countOf(images.length, 'image')}; NIQE needs none. A rain
        map is rainy − derained, of a teacher its own. Seconds are the network’s on this device. The best figure of a
        column is bold once all derainers are through the same images. Some published networks were trained on images of
        public test sets: figures on those say little.
      </p>
      <LpipsButton />
    </section>
  );
}

interface FiguresTableProps {
  readonly table: ComparisonTable;
  readonly sorting: Sorting | null;
  readonly onSort: (column: Column | 'name') => void;
}

/** A line for each derainer; the best figure of a column stands out. */
function FiguresTable({ table: { columns, rows }, sorting, onSort }: FiguresTableProps) {
  return (
    <>
      {/* Focusable so that the keyboard can scroll a wide table. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={style.scroll} tabIndex={0} role="region" aria-label="Table of figures">
        <table>
          <thead>
            <tr>
              <Heading label="Derainer" id="name" sorting={sorting} onSort={() => onSort('name')} />
              <th scope="col">Images</th>
              {columns.map((column) => (
                <Heading
                  key={column.id}
                  label={heading(column)}
                  hint={column.better === 'lower' && column.id !== 'parameters' ? 'lower is better' : undefined}
                  id={column.id}
                  sorting={sorting}
                  onSort={() => onSort(column)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ model, name, images: count, values }) => (
              <tr key={model ?? ''}>
                <th scope="row">{name}</th>
                <td>{count}</td>
                {columns.map((column) => {
                  const value = values[column.id] ?? null;
                  const isBest = model !== null && value !== null && value === bestValue(rows, column);
                  return (
                    <td key={column.id} data-best={isBest || undefined}>
                      {cellText(value, column)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface HeadingProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly id: string;
  readonly sorting: Sorting | null;
  readonly onSort: () => void;
}

function Heading({ label, hint, id, sorting, onSort }: HeadingProps) {
  const isSorted = sorting?.column === id;
  const order = sorting?.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={isSorted ? order : 'none'}>
      <button type="button" className={style.sort} title={hint} onClick={onSort}>
        {label}
        <span className={style.arrow} aria-hidden="true">
          {isSorted ? (sorting.descending ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  );
}

function Exports({ table }: { readonly table: ComparisonTable }) {
  return (
    <div className={style.exports}>
      {formats.map(({ id, label, ending }) => (
        <Button
          key={id}
          variant="quiet"
          icon={<Icon name="download" size={16} />}
          onClick={() => saveFile(new Blob([tableFile(table, id)], { type: 'text/plain' }), `comparison.${ending}`)}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}

/** LPIPS needs weights that are nobody's to ship. */
function LpipsButton() {
  return (
    <div className={style.lpips}>
      <FileButton
        chooses="LPIPS weights"
        accept=".safetensors"
        icon={<Icon name="folder" />}
        onFiles={([file]) => void openLpips(file)}
      >
        {'Measure LPIPS: open its weights\u00a0…'}
      </FileButton>
    </div>
  );
}
