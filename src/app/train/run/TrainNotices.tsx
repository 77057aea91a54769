import type { ReactNode } from 'react';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { formatCount } from '../../ui/format.ts';
import style from './TrainNotices.module.css';
import { useTraining } from './trainingStore.ts';

/** What went wrong, what is being done about it, and how a run ended. */
export function TrainNotices() {
  const failure = useTraining((state) => state.failure);
  const deviceLost = useTraining((state) => state.deviceLost);
  const outcome = useTraining((state) => (state.phase === 'idle' ? state.outcome : null));
  const byHand = useBackendChoice(({ choice }) => choice !== 'auto');
  const fellBack = useTraining((state) =>
    byHand && state.phase === 'running' ? (state.backend?.fellBack ?? null) : null,
  );
  return (
    <div className={style.notices}>
      {failure && (
        <Notice tone="bad" alert onDismiss={() => useTraining.setState({ failure: null })}>
          <b>{failure.reason}</b> {failure.advice}
        </Notice>
      )}
      {deviceLost && (
        <Notice tone="warn">
          <b>The device was lost: {deviceLost.reason}</b>{' '}
          {deviceLost.recovering
            ? 'Training resumes from its last safe step as soon as the device is back.'
            : 'It did not come back.'}
        </Notice>
      )}
      {outcome && (
        <Notice
          tone={outcome.reason === 'diverged' ? 'warn' : 'quiet'}
          onDismiss={() => useTraining.setState({ outcome: null })}
        >
          <b>
            {outcomeWords[outcome.reason]} at step {formatCount(outcome.step)}.
          </b>{' '}
          {outcome.advice}
        </Notice>
      )}
      {fellBack && (
        <Notice tone="quiet">
          <b>Training runs on another device than the one you chose.</b> {fellBack}
        </Notice>
      )}
    </div>
  );
}

const outcomeWords = {
  asked: 'Stopped and saved',
  finished: 'Finished and saved',
  diverged: 'Training diverged',
} as const;

interface NoticeProps {
  readonly tone: 'quiet' | 'warn' | 'bad';
  readonly alert?: boolean;
  readonly onDismiss?: () => void;
  readonly children: ReactNode;
}

function Notice({ tone, alert = false, onDismiss, children }: NoticeProps) {
  return (
    <div className={style.notice} data-tone={tone} role={alert ? 'alert' : 'status'}>
      <Icon name={tone === 'quiet' ? 'info' : 'warning'} />
      <p>{children}</p>
      {onDismiss && <IconButton label="Dismiss" icon={<Icon name="close" size={16} />} onClick={onDismiss} />}
    </div>
  );
}
