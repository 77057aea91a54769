import { linkTo, useRoute } from '../routing/route.ts';
import { runSummary } from '../train/run/runSummary.ts';
import { progressOf, useTraining } from '../train/run/trainingStore.ts';
import style from './TrainingStrip.module.css';

/** How a running training is doing, seen from every view; leads to it. */
export function TrainingStrip() {
  const settings = useRoute((route) => route.settings.train);
  const training = useTraining();
  const summary = runSummary(training);
  if (!summary) return null;
  const { step, total, speed, psnr } = summary;
  const spoken = [`Training: step ${step} of ${total}`, speed, psnr && `PSNR ${psnr}`].filter(Boolean).join(', ');
  return (
    <a className={style.strip} href={linkTo('train', settings)} aria-label={spoken} title={spoken}>
      <span className={style.dot} aria-hidden="true" />
      <span className={style.figures}>
        <span>Step {step}</span>
        {speed && <span className={style.speed}>{speed}</span>}
        {psnr && <span className={style.psnr}>{psnr}</span>}
      </span>
      <span className={style.progress} style={{ scale: `${progressOf(training).share} 1` }} aria-hidden="true" />
    </a>
  );
}
