import { useState } from 'react';
import type { Hyperparameters } from '../../../core/paper/hyperparameters.ts';
import { weightOf } from '../../../core/paper/lossTerms.ts';
import { useTheme } from '../../ui/theme.ts';
import { formatCount } from '../../ui/format.ts';
import { useMedia } from '../../ui/useMedia.ts';
import { lossCurves, useTraining } from '../run/trainingStore.ts';
import { mainCharts, smallCharts } from './chartSpecs.ts';
import type { ChartSpec } from './chartSpecs.ts';
import style from './ChartsPanel.module.css';
import { CurveChart } from './CurveChart.tsx';
import type { StepRange } from './decimate.ts';
import { askCurve, WhyCurve, type AskedCurve } from './WhyCurve.tsx';

export interface ChartGridProps {
  readonly log: boolean;
  /** Weight of the past, 0…1. */
  readonly smoothing: number;
  readonly range: StepRange | undefined;
  readonly onRange: (selected: StepRange | undefined) => void;
}

/** The charts that matter most, large, and under them the others; a curve of the loss can be asked why it is as it is. */
export function ChartGrid(look: ChartGridProps) {
  const [asked, setAsked] = useState<AskedCurve | null>(null);
  const roomy = useMedia('(min-width: 100rem) and (min-height: 60rem)');
  const hyperparameters = useTraining((state) => state.config?.hyperparameters);
  const emptyOf = useEmptyWords();
  // A chart reads its colours once: another theme makes it anew.
  const theme = useTheme();

  const whyOf = ({ id, term }: ChartSpec): (() => void) | undefined => {
    if (!term && id !== 'objective') return undefined;
    return () => {
      const { config } = useTraining.getState();
      if (config) setAsked(askCurve(term ?? null, lossCurves, config));
    };
  };
  const charts = (specs: readonly ChartSpec[], height: number) =>
    specs.map((spec) => (
      <CurveChart
        key={`${spec.id} ${theme}`}
        spec={spec}
        height={height}
        onWhy={whyOf(spec)}
        note={spec.term && hyperparameters && noteOf(spec.term, hyperparameters)}
        empty={emptyOf(spec)}
        {...look}
      />
    ));

  return (
    <>
      <div className={style.main}>{charts(mainCharts, roomy ? 320 : 200)}</div>
      <div className={style.small}>{charts(smallCharts, roomy ? 176 : 124)}</div>
      <WhyCurve asked={asked} onClose={() => setAsked(null)} />
    </>
  );
}

/** Why a term takes no part in the objective; undefined where it does. */
function noteOf(term: string, hyperparameters: Hyperparameters): string | undefined {
  if (hyperparameters.disabledTerms.includes(term)) return 'switched off';
  return weightOf(term, hyperparameters) === 0 ? 'weight 0' : undefined;
}

/** What a chart without points says. */
function useEmptyWords(): (spec: ChartSpec) => string {
  const validateEvery = useTraining((state) => state.config?.run.validateEvery ?? 0);
  const heldOut = useTraining((state) => state.about?.counts.heldOut ?? 0);
  return ({ sparse }) => {
    if (!sparse) return 'The first steps are under way.';
    return heldOut > 0 ? `First at step ${formatCount(validateEvery)}` : 'No images are held out.';
  };
}
