import { experimentSummary, useExperiment } from '../lab/run/runningExperiment.ts';
import { linkTo, useRoute } from '../routing/route.ts';
import { runSummary } from '../train/run/runSummary.ts';
import { progressOf, useTraining } from '../train/run/trainingStore.ts';
import { useNow } from '../ui/useNow.ts';
import style from './RunStrip.module.css';

/** How what runs is doing, a training or an experiment, seen from every view; leads to it. */
export function RunStrip() {
  const isTraining = useTraining(({ phase }) => phase !== 'idle');
  const isExperiment = useExperiment(({ phase }) => phase !== 'idle');
  if (isTraining) return <TrainingStrip />;
  return isExperiment ? <ExperimentStrip /> : null;
}

function TrainingStrip() {
  const settings = useRoute((route) => route.settings.train);
  const training = useTraining();
  const summary = runSummary(training);
  if (!summary) return null;
  const { step, total, speed, psnr } = summary;
  const spoken = [`Training: step ${step} of ${total}`, speed, psnr && `PSNR ${psnr}`].filter(Boolean).join(', ');
  return (
    <Strip
      href={linkTo('train', settings)}
      spoken={spoken}
      words={[`Step ${step}`, speed, psnr]}
      share={progressOf(training).share}
    />
  );
}

function ExperimentStrip() {
  const settings = useRoute((route) => route.settings.lab);
  const experiment = useExperiment();
  const summary = experimentSummary(experiment, useNow(true));
  if (!summary) return null;
  const { id, step, total, run, left, share } = summary;
  const spoken = [`Experiment: step ${step} of ${total}`, run, left && `${left} left`].filter(Boolean).join(', ');
  return (
    <Strip
      href={linkTo('lab', { ...settings, part: 'experiments', experiment: id })}
      spoken={spoken}
      words={[`Step ${step}`, run, left && `${left} left`]}
      share={share}
    />
  );
}

interface StripProps {
  readonly href: string;
  readonly spoken: string;
  /** The first stays longest on a narrow page, the second goes first. */
  readonly words: readonly [string, string | null, string | null];
  /** Of the whole, 0…1. */
  readonly share: number;
}

function Strip({ href, spoken, words: [first, second, third], share }: StripProps) {
  return (
    <a className={style.strip} href={href} aria-label={spoken} title={spoken}>
      <span className={style.dot} aria-hidden="true" />
      <span className={style.figures}>
        <span>{first}</span>
        {second && <span className={style.second}>{second}</span>}
        {third && <span className={style.third}>{third}</span>}
      </span>
      <span className={style.progress} style={{ scale: `${share} 1` }} aria-hidden="true" />
    </a>
  );
}
