import { useDeferredValue, useMemo, useState } from 'react';
import { resultRows, type MeasureId } from '../../../core/training/experimentResults.ts';
import { SmoothingField, smoothings, type Smoothing } from '../../train/charts/SmoothingField.tsx';
import { useTheme } from '../../ui/theme.ts';
import style from './Comparison.module.css';
import { lineDash, lineToken } from './lineLook.ts';
import { measuresFrom } from './overlay.ts';
import { OverlayChart } from './OverlayChart.tsx';
import { ResultsTable } from './ResultsTable.tsx';
import { groupRuns, lineName, type RunView } from './runsStore.ts';
import { SensitivityPlot, type SensitivityPlotProps } from './SensitivityPlot.tsx';
import { VariantImages } from './VariantImages.tsx';

export interface RunComparisonProps {
  readonly runs: readonly RunView[];
  /** Value of each variant, by its name; null where they do not differ in one number. */
  readonly axis?: { readonly label: string; readonly values: ReadonlyMap<string, number | null> } | null;
  /** The measure that is looked at first. */
  readonly measure?: MeasureId;
  /** Of downloads. */
  readonly name: string;
}

/** Runs over each other: curves, effect of the setting, table, images. */
export function RunComparison({ runs, axis = null, measure: first = 'studentPsnr', name }: RunComparisonProps) {
  const [smoothing, setSmoothing] = useState<Smoothing>('some');
  // Curves may be a moment late: while they are computed the page answers.
  const groups = useDeferredValue(
    useMemo(
      () => groupRuns(runs).map((group) => ({ name: group.name, curves: group.runs.map(({ curves }) => curves) })),
      [runs],
    ),
  );
  const theme = useTheme();
  const lines = groups.map((group) => group.name).join(' ');
  const measures = measuresFrom(first).filter((measure) =>
    groups.some(({ curves }) => curves.some((own) => measure.points(own).length > 0)),
  );
  const rows = useMemo(
    () =>
      resultRows(
        runs.flatMap((run) => {
          const { summary } = run;
          if (!summary?.validation) return [];
          return [{ variant: lineName(run), seed: summary.config.run.seed, result: summary.validation }];
        }),
      ),
    [runs],
  );
  const plotted: SensitivityPlotProps['axis'] = axis && {
    label: axis.label,
    values: rows.map(({ variant }) => axis.values.get(variant) ?? null),
  };
  return (
    <div className={style.comparison}>
      <div className={style.partHead}>
        <ul className={style.legend} aria-label="Lines">
          {groups.map((group, i) => (
            <li key={`${group.name} ${i}`}>
              <svg width="24" height="8" viewBox="0 0 24 8" aria-hidden="true">
                <path
                  d="M0 4h24"
                  fill="none"
                  stroke={`var(${lineToken(i)})`}
                  strokeWidth="2"
                  strokeDasharray={lineDash(i)?.join(' ')}
                />
              </svg>
              {group.name}
              {group.curves.length > 1 && <span className={style.unit}> · {group.curves.length} seeds</span>}
            </li>
          ))}
        </ul>
        <SmoothingField value={smoothing} onChange={setSmoothing} />
      </div>
      <div className={style.charts}>
        {measures.map((measure) => (
          <OverlayChart
            key={`${measure.id} ${theme} ${lines}`}
            groups={groups}
            measure={measure}
            smoothing={smoothings[smoothing]}
          />
        ))}
      </div>
      {rows.length > 1 && <SensitivityPlot rows={rows} axis={plotted} first={first} />}
      {rows.length > 0 && <ResultsTable rows={rows} name={name} />}
      <VariantImages runs={runs} />
    </div>
  );
}
