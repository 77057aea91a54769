import { useState } from 'react';
import type { UserError } from '../../protocol/derainer.ts';
import type { MeasuredSpeed } from '../derain/measureSpeed.ts';
import { Button } from '../ui/Button.tsx';
import { nameOf } from './computing.ts';
import style from './DevicePanel.module.css';
import { Fact } from './Fact.tsx';
import { gflops, roughly } from './speedWords.ts';

type Run =
  | { readonly state: 'idle' | 'running' }
  | { readonly state: 'done'; readonly speed: MeasuredSpeed }
  | { readonly state: 'refused'; readonly refusal: Omit<UserError, 'refused'> };

const UNFORESEEN = 'Choose another backend above, or reload the page.';

/** "Measure this device": how fast it trains and derains, with the backend and the student chosen now. */
export function MeasureSection() {
  const [run, setRun] = useState<Run>({ state: 'idle' });
  const running = run.state === 'running';

  const start = async () => {
    setRun({ state: 'running' });
    try {
      // Loaded when asked for: only the Derain view needs it otherwise.
      const { measureSpeed } = await import('../derain/measureSpeed.ts');
      const speed = await measureSpeed();
      setRun(speed.refused ? { state: 'refused', refusal: speed } : { state: 'done', speed });
    } catch (error) {
      setRun({
        state: 'refused',
        refusal: { reason: error instanceof Error ? error.message : String(error), advice: UNFORESEEN },
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
            {run.refusal.reason} {run.refusal.advice}
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
        {secondsFor12Mp === null ? gflops(trainingGflops) : `A 12-MP photo in ${roughly(secondsFor12Mp)}`}
      </p>
      <p className={style.quiet}>
        Measured on {nameOf(report)}
        {model !== null && `, with “${model}”`}.
      </p>
      {shared && (
        <p className={style.warning}>Training is running and takes its share: alone, this machine is faster.</p>
      )}
      <dl className={style.facts}>
        <Fact term="Convolutions">{gflops(forwardGflops)}</Fact>
        <Fact term="Training step">{gflops(trainingGflops)}</Fact>
      </dl>
    </>
  );
}
