import type { ReactNode } from 'react';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import style from './TrainNotices.module.css';
import { outcomeAdvice, outcomeTitle } from './outcome.ts';
import { isEndStored, useTraining } from './trainingStore.ts';

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
          <b>{failure.reason}</b> {failure.hint}
        </Notice>
      )}
      {deviceLost && (
        <Notice tone="warn">
          <b>The device was lost: {deviceLost.reason}</b>{' '}
          {deviceLost.recovering
            ? 'Training resumes from its last safe step as soon as the device is back.'
            : 'It could not be restored.'}
        </Notice>
      )}
      {outcome && (
        <Notice
          tone={outcome.reason === 'diverged' || !isEndStored(outcome) ? 'warn' : 'quiet'}
          onDismiss={() => useTraining.setState({ outcome: null })}
        >
          <b>{outcomeTitle(outcome)}</b> {outcomeAdvice(outcome)}
        </Notice>
      )}
      {fellBack && (
        <Notice tone="quiet">
          <b>Training runs on a different device from the one you chose.</b> {fellBack}
        </Notice>
      )}
    </div>
  );
}

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
