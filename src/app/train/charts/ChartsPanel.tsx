import { useRef, useState } from 'react';
import type { LossTerm } from '../../../core/paper/lossTerms.ts';
import { useTheme } from '../../ui/theme.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { formatCount } from '../../ui/format.ts';
import { saveFile } from '../../ui/saveFile.ts';
import { useMedia } from '../../ui/useMedia.ts';
import { lossCurves, useTraining } from '../run/trainingStore.ts';
import style from './ChartsPanel.module.css';
import { mainCharts, smallCharts } from './chartSpecs.ts';
import type { ChartSpec } from './chartSpecs.ts';
import { chartsAsPng } from './chartsPng.ts';
import { CurveChart } from './CurveChart.tsx';
import { askCurve, WhyCurve, type AskedCurve } from './WhyCurve.tsx';
import { curvesAsCsv } from './curvesText.ts';
import type { StepRange } from './decimate.ts';
import { SmoothingField, smoothings, type Smoothing } from './SmoothingField.tsx';
import { NumbersDialog } from './NumbersDialog.tsx';

type Shown = 'all' | '1000' | '200' | 'chosen';

/** The curves of the run, with one time axis, one cursor and one set of controls. */
export function ChartsPanel() {
  const [log, setLog] = useState(true);
  const [smoothing, setSmoothing] = useState<Smoothing>('some');
  const [shown, setShown] = useState<Shown>('all');
  const [chosen, setChosen] = useState<StepRange>();
  const [numbers, setNumbers] = useState(false);
  const [asked, setAsked] = useState<AskedCurve | null>(null);
  const charts = useRef<HTMLDivElement>(null);
  const roomy = useMedia('(min-width: 100rem) and (min-height: 60rem)');
  const step = useTraining((state) => (shown === 'all' || shown === 'chosen' ? 0 : state.step));
  const disabledTerms = useTraining((state) => state.config?.hyperparameters.disabledTerms);
  const validateEvery = useTraining((state) => state.config?.run.validateEvery ?? 0);
  const heldOut = useTraining((state) => state.about?.counts.heldOut ?? 0);

  const range = rangeOf(shown, step, chosen);
  const onRange = (selected: StepRange | undefined): void => {
    setChosen(selected);
    setShown(selected ? 'chosen' : 'all');
  };
  // A chart reads its colours once: another theme makes it anew.
  const theme = useTheme();
  const common = { log, smoothing: smoothings[smoothing], range, onRange };
  const emptyOf = ({ sparse }: ChartSpec): string => {
    if (!sparse) return 'The first steps are under way.';
    return heldOut > 0 ? `First at step ${formatCount(validateEvery)}` : 'No images are held out.';
  };
  const whyOf = ({ id, term }: ChartSpec): (() => void) | undefined => {
    if (!term && id !== 'objective') return undefined;
    return () => {
      const { config } = useTraining.getState();
      if (config) setAsked(askCurve(term ?? null, lossCurves, config));
    };
  };
  const noteOf = (term: LossTerm | undefined): string | undefined =>
    term && disabledTerms?.includes(term) ? 'switched off' : undefined;

  return (
    <section className={style.panel} aria-label="Curves">
      <header className={style.head}>
        <h2 className={style.title}>Curves</h2>
        <span className={style.exports}>
          <Button variant="quiet" onClick={() => setNumbers(true)}>
            Data table
          </Button>
          <Button variant="quiet" icon={<Icon name="download" size={16} />} onClick={saveCsv}>
            CSV
          </Button>
          <Button
            variant="quiet"
            icon={<Icon name="download" size={16} />}
            onClick={() => charts.current && savePng(charts.current)}
          >
            PNG
          </Button>
        </span>
      </header>
      <div className={style.tools}>
        <SegmentedControl
          label="Scale"
          hideLabel
          value={log ? 'log' : 'linear'}
          options={[
            { value: 'linear', label: 'Linear' },
            { value: 'log', label: 'Log' },
          ]}
          onChange={(value) => setLog(value === 'log')}
        />
        <SmoothingField value={smoothing} onChange={setSmoothing} />
        <SelectField
          label="Steps shown"
          hideLabel
          value={shown}
          options={[
            { value: 'all', label: 'Whole run' },
            { value: '1000', label: 'Last 1,000 steps' },
            { value: '200', label: 'Last 200 steps' },
            {
              value: 'chosen',
              label: chosen ? `Steps ${formatCount(chosen.min)}–${formatCount(chosen.max)}` : 'Drag in a chart',
              disabled: !chosen,
            },
          ]}
          onChange={setShown}
        />
      </div>
      <div ref={charts}>
        <div className={style.main}>
          {mainCharts.map((spec) => (
            <CurveChart
              key={`${spec.id} ${theme}`}
              spec={spec}
              height={roomy ? 320 : 200}
              onWhy={whyOf(spec)}
              empty={emptyOf(spec)}
              {...common}
            />
          ))}
        </div>
        <div className={style.small}>
          {smallCharts.map((spec) => (
            <CurveChart
              key={`${spec.id} ${theme}`}
              spec={spec}
              height={roomy ? 176 : 124}
              onWhy={whyOf(spec)}
              note={noteOf(spec.term)}
              empty={emptyOf(spec)}
              {...common}
            />
          ))}
        </div>
      </div>
      <Annotations />
      <WhyCurve asked={asked} onClose={() => setAsked(null)} />
      <NumbersDialog open={numbers} onClose={() => setNumbers(false)} />
    </section>
  );
}

/** What was changed and what happened, by step: the dashed lines of the charts in words. */
function Annotations() {
  const annotations = useTraining((state) => state.annotations);
  if (annotations.length === 0) return null;
  return (
    // Focusable so that the keyboard can scroll a long list.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={style.annotations} tabIndex={0} role="region" aria-label="Changes during the run">
      <ol>
        {annotations.map(({ step, kind, text }) => (
          <li key={`${step} ${text}`} data-kind={kind}>
            <span className={style.annotationStep}>step {formatCount(step)}</span> {text}
          </li>
        ))}
      </ol>
    </div>
  );
}

function rangeOf(shown: Shown, step: number, chosen: StepRange | undefined): StepRange | undefined {
  if (shown === 'chosen') return chosen;
  if (shown === 'all') return undefined;
  const last = Math.max(step, 2);
  return { min: Math.max(1, last - Number(shown)), max: last };
}

function saveCsv(): void {
  const { validations, annotations, step } = useTraining.getState();
  const text = curvesAsCsv(lossCurves, validations, annotations);
  saveFile(new Blob([text], { type: 'text/csv' }), `petrichor-curves-step-${step}.csv`);
}

async function savePng(charts: HTMLElement): Promise<void> {
  saveFile(await chartsAsPng(charts), `petrichor-curves-step-${useTraining.getState().step}.png`);
}
