import { useState } from 'react';
import { describeBackend } from '../../core/backend/description.ts';
import type { UserError, Speed } from '../../protocol/derainer.ts';
import { Button } from '../ui/Button.tsx';
import style from './DevicePanel.module.css';
import { DefinitionItem } from './DefinitionItem.tsx';
import { formatGflops, formatEstimate } from '../ui/format.ts';

/** A measurement, and the title of the model that it was made with; null without one. */
export type MeasuredSpeed = Speed & { readonly model: string | null };

/** Measures this machine with the backend and the model chosen now. */
export type Measure = () => Promise<MeasuredSpeed | UserError>;

type Run =
  | { readonly state: 'idle' | 'running' }
  | { readonly state: 'done'; readonly speed: MeasuredSpeed }
  | { readonly state: 'refused'; readonly error: Omit<UserError, 'refused'> };

const UNFORESEEN = 'Choose another backend above, or reload the page.';

/** "Measure this device": how fast it trains and derains, with the backend and the student chosen now. */
export function MeasureSection({ measure }: { readonly measure: Measure }) {
  const [run, setRun] = useState<Run>({ state: 'idle' });
  const running = run.state === 'running';

  const start = async () => {
    setRun({ state: 'running' });
    try {
      const speed = await measure();
      setRun(speed.refused ? { state: 'refused', error: speed } : { state: 'done', speed });
    } catch (error) {
      setRun({
        state: 'refused',
        error: { reason: error instanceof Error ? error.message : String(error), hint: UNFORESEEN },
      });
    }
  };

  return (
    <section className={style.section}>
      <h3 className={style.heading}>Speed</h3>
      <div role="status" className={style.outcome}>
        {run.state === 'idle' && (
          <p className={style.quiet}>How fast this machine trains and derains, measured in about five seconds.</p>
        )}
        {running && <p className={style.quiet}>Convolving numbers, then a piece of a photo …</p>}
        {run.state === 'done' && <Outcome speed={run.speed} />}
        {run.state === 'refused' && (
          <p className={style.warning}>
            {run.error.reason} {run.error.hint}
          </p>
        )}
      </div>
      <Button busy={running} onClick={() => void start()}>
        {running ? 'Measuring …' : run.state === 'done' ? 'Measure again' : 'Measure this device'}
      </Button>
    </section>
  );
}

function Outcome({ speed }: { readonly speed: MeasuredSpeed }) {
  const { report, model, secondsFor12Mp, forwardGflops, trainingGflops, shared } = speed;
  return (
    <>
      <p className={style.lead}>
        {secondsFor12Mp === null ? formatGflops(trainingGflops) : `A 12-MP photo in ${formatEstimate(secondsFor12Mp)}`}
      </p>
      <p className={style.quiet}>
        Measured on {describeBackend(report)}
        {model !== null && `, with “${model}”`}.
      </p>
      {shared && (
        <p className={style.warning}>Training is running and takes its share: alone, this machine is faster.</p>
      )}
      <dl className={style.facts}>
        <DefinitionItem term="Convolutions">{formatGflops(forwardGflops)}</DefinitionItem>
        <DefinitionItem term="Training step">{formatGflops(trainingGflops)}</DefinitionItem>
      </dl>
    </>
  );
}
