import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { formatCount } from '../../ui/format.ts';
import { saveFile } from '../../ui/saveFile.ts';
import { lossCurves, useTraining } from '../run/trainingStore.ts';
import { ChartGrid } from './ChartGrid.tsx';
import style from './ChartsPanel.module.css';
import { chartsAsPng } from './chartsPng.ts';
import { curvesAsCsv } from './curvesText.ts';
import type { StepRange } from './decimate.ts';
import { SmoothingField, smoothings, type Smoothing } from './SmoothingField.tsx';
import { NumbersDialog } from './NumbersDialog.tsx';

type Shown = 'all' | '1000' | '200' | 'chosen';

/** How the curves are drawn, as the person chose it. */
interface Look {
  readonly log: boolean;
  readonly smoothing: Smoothing;
  readonly shown: Shown;
  /** Steps that were dragged over in a chart. */
  readonly chosen: StepRange | undefined;
}

/** The curves of the run, with one time axis, one cursor and one set of controls. */
export function ChartsPanel() {
  const [look, setLook] = useState<Look>({ log: true, smoothing: 'some', shown: 'all', chosen: undefined });
  const change = (part: Partial<Look>): void => setLook((before) => ({ ...before, ...part }));
  const { log, smoothing, shown, chosen } = look;
  const charts = useRef<HTMLDivElement>(null);
  const step = useTraining((state) => (shown === 'all' || shown === 'chosen' ? 0 : state.step));
  return (
    <section className={style.panel} aria-label="Curves">
      <header className={style.head}>
        <h2 className={style.title}>Curves</h2>
        <Exports charts={charts} />
      </header>
      <LookBar look={look} onChange={change} />
      <div ref={charts}>
        <ChartGrid
          log={log}
          smoothing={smoothings[smoothing]}
          range={rangeOf(shown, step, chosen)}
          onRange={(selected) => change({ chosen: selected, shown: selected ? 'chosen' : 'all' })}
        />
      </div>
      <Annotations />
    </section>
  );
}

/** The curves as numbers and as files. */
function Exports({ charts }: { readonly charts: React.RefObject<HTMLDivElement | null> }) {
  const [numbers, setNumbers] = useState(false);
  return (
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
      <NumbersDialog open={numbers} onClose={() => setNumbers(false)} />
    </span>
  );
}

interface LookBarProps {
  readonly look: Look;
  readonly onChange: (part: Partial<Look>) => void;
}

/** Scale, smoothing and range of all charts. */
function LookBar({ look: { log, smoothing, shown, chosen }, onChange }: LookBarProps) {
  return (
    <div className={style.tools}>
      <SegmentedControl
        label="Scale"
        hideLabel
        value={log ? 'log' : 'linear'}
        options={[
          { value: 'linear', label: 'Linear' },
          { value: 'log', label: 'Log' },
        ]}
        onChange={(value) => onChange({ log: value === 'log' })}
      />
      <SmoothingField value={smoothing} onChange={(value) => onChange({ smoothing: value })} />
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
        onChange={(value) => onChange({ shown: value })}
      />
    </div>
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
