import { Dialog } from '../../ui/Dialog.tsx';
import { formatCount } from '../../ui/format.ts';
import { chartSource } from '../run/trainingStore.ts';
import { describeChart, mainCharts, smallCharts } from './chartSpecs.ts';
import type { ChartSpec } from './chartSpecs.ts';
import { evenlySpread } from './curvesText.ts';
import style from './NumbersDialog.module.css';

const rows = 20;

/** The charts in words and as tables, for those who do not see them. The numbers are those of the moment it was opened. */
export function NumbersDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Data table" shape="wide">
      {open && <Numbers />}
    </Dialog>
  );
}

function Numbers() {
  const source = chartSource();
  const charts = [...mainCharts, ...smallCharts];
  return (
    <>
      <ul className={style.summary}>
        {charts.map((spec) => (
          <li key={spec.id}>{describeChart(spec, source)}</li>
        ))}
      </ul>
      <Table caption="Training" charts={charts.filter(({ sparse }) => !sparse)} source={source} />
      <Table caption="Held-out images" charts={charts.filter(({ sparse }) => sparse)} source={source} />
    </>
  );
}

interface TableProps {
  readonly caption: string;
  readonly charts: readonly ChartSpec[];
  readonly source: Parameters<ChartSpec['read']>[0];
}

/** At most some twenty steps, evenly spread, and the values of these charts at each of them. */
function Table({ caption, charts, source }: TableProps) {
  const columns = charts.flatMap((spec) => {
    const { lines } = spec.read(source);
    return lines.map((values, index) => ({
      title: lines.length > 1 ? `${spec.id.toUpperCase()} ${spec.lines[index]!.label}` : spec.title,
      values,
      format: spec.format,
    }));
  });
  const steps = charts[0]!.read(source).steps;
  if (steps.length === 0) return null;
  return (
    // Focusable so that the keyboard can scroll what is wider than the page.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={style.scroll} tabIndex={0} role="region" aria-label={`${caption}, table`}>
      <table className={style.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {evenlySpread(steps.length, rows).map((index) => (
            <tr key={index}>
              <th scope="row">{formatCount(steps[index]!)}</th>
              {columns.map(({ title, values, format }) => (
                <td key={title}>{format(values[index]!)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
