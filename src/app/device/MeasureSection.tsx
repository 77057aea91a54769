import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import style from './DevicePanel.module.css';
import { useDevice, type Measurement } from './deviceStore.ts';

type Run = { readonly state: 'idle' } | { readonly state: 'running' } | { readonly state: 'done'; readonly result: Measurement } | { readonly state: 'failed'; readonly reason: string };

/** "Measure this device": shown when something that can measure has been loaded. */
export function MeasureSection() {
  const measure = useDevice((state) => state.measure);
  const [run, setRun] = useState<Run>({ state: 'idle' });
  if (!measure) return null;

  const start = async () => {
    setRun({ state: 'running' });
    try {
      setRun({ state: 'done', result: await measure() });
    } catch (error) {
      setRun({ state: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
  };

  return (
    <section className={style.section}>
      <h3 className={style.heading}>Speed</h3>
      <div role="status">
        {run.state === 'done' && (
          <>
            <p className={style.lead}>
              {run.result.gflops.toFixed(run.result.gflops < 10 ? 1 : 0)} GFLOP/s · about {run.result.secondsFor12Mp.toFixed(run.result.secondsFor12Mp < 10 ? 1 : 0)} s for a
              12-MP photo
            </p>
            <p className={style.quiet}>Measured on {run.result.computing}.</p>
          </>
        )}
        {run.state === 'failed' && <p className={style.warning}>It could not be measured: {run.reason}</p>}
      </div>
      <Button busy={run.state === 'running'} onClick={() => void start()}>
        {run.state === 'running' ? 'Measuring …' : 'Measure this device'}
      </Button>
    </section>
  );
}
