import type { StoredModel } from '../../browser/models.ts';
import { useModels } from '../models/registry.ts';
import type { ModelChoice } from '../models/registry.ts';
import { Button } from '../ui/Button.tsx';
import { formatShortDuration } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import panel from '../ui/Panel.module.css';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { useFocusKept } from '../ui/useFocusKept.ts';
import style from './AdaptPanel.module.css';
import { useAdapting } from './adaptSession.ts';
import type { Adaptation } from './adaptSession.ts';
import { rainWords } from './adapting.ts';
import type { Adapting, PhotoName } from './adapting.ts';

export interface AdaptPanelProps {
  /** The photo to adapt to; its rain is known once it is done. */
  readonly photo: (PhotoName & { readonly isDone: boolean }) | null;
  /** The model in use. */
  readonly model: ModelChoice;
  /** Time that adapting takes. */
  readonly seconds: number;
  /** Photos that an adapted student would be used for. */
  readonly count: number;
  readonly adaptation: Adaptation;
}

/** A student of its own for the rain of one photo and of others like it. */
export function AdaptPanel(props: AdaptPanelProps) {
  return (
    <div className={style.whole} tabIndex={-1} {...useFocusKept<HTMLDivElement>('group')}>
      <AdaptPhase {...props} />
    </div>
  );
}

/** What can be done now, or is under way. */
function AdaptPhase({ photo, model, seconds, count, adaptation }: AdaptPanelProps) {
  const adapting = useAdapting();
  switch (adapting.phase) {
    case 'idle':
    case 'ended':
      return (
        <>
          {adapting.phase === 'ended' && <Ending ending={adapting} />}
          {model.stored?.adapted && <Kept stored={model.stored} onDiscard={adaptation.discardKept} />}
          {photo && model.role === 'student' && model.format !== 'onnx' && (
            <Begin seconds={seconds} disabled={!photo.isDone} onBegin={() => adaptation.begin(photo, model.id)} />
          )}
        </>
      );
    case 'working':
      return <Working work={adapting} seconds={seconds} onCancel={adaptation.cancel} />;
    case 'offered':
      return <Offer offer={adapting} count={count} adaptation={adaptation} />;
    default:
      return adapting satisfies never;
  }
}

interface BeginProps {
  readonly seconds: number;
  readonly disabled: boolean;
  readonly onBegin: () => Promise<void>;
}

function Begin({ seconds, disabled, onBegin }: BeginProps) {
  return (
    <Button
      variant="quiet"
      icon={<Icon name="drop" />}
      className={panel.start}
      disabled={disabled}
      title={`Learns this photo’s own rain for ${formatShortDuration(seconds * 1000)}, on this device`}
      onClick={() => void onBegin()}
    >
      Adapt to this photo
    </Button>
  );
}

interface WorkingProps {
  readonly work: Phase<'working'>;
  readonly seconds: number;
  readonly onCancel: () => Promise<void>;
}

function Working({ work: { photo, rain, share, isStopping }, seconds, onCancel }: WorkingProps) {
  const left = share === null ? undefined : `about ${formatShortDuration((1 - share) * seconds * 1000)} left`;
  return (
    <div className={style.adapt} role="group" aria-label="Adapting">
      <ProgressBar label={`Adapting to ${photo.name}`} value={share} {...(left && { detail: left })} />
      <p className={panel.quiet}>{rain ? rainWords(rain) : 'Measuring the rain …'}</p>
      <Button icon={<Icon name="stop" size={16} />} busy={isStopping} onClick={() => void onCancel()}>
        Cancel
      </Button>
    </div>
  );
}

interface OfferProps {
  readonly offer: Phase<'offered'>;
  readonly count: number;
  readonly adaptation: Pick<Adaptation, 'keep' | 'discard'>;
}

function Offer({ offer: { photo, isKeeping, base, error }, count, adaptation }: OfferProps) {
  const before = useModels((state) => state.models?.find(({ id }) => id === base)?.title) ?? 'the student before';
  return (
    <div className={style.adapt} role="group" aria-label="Adapted student">
      <p role="status">
        <strong>Adapted to {photo.name}.</strong> The new student is on the right, {before} on the left.
      </p>
      <div className={style.buttons}>
        <Button icon={<Icon name="check" size={16} />} busy={isKeeping} onClick={() => void adaptation.keep()}>
          {count > 1 ? `Keep for all ${count} photos` : 'Keep'}
        </Button>
        <Button icon={<Icon name="trash" size={16} />} disabled={isKeeping} onClick={() => void adaptation.discard()}>
          Discard
        </Button>
      </div>
      {error && (
        <p role="alert" className={panel.error}>
          {error.reason} {error.hint}
        </p>
      )}
    </div>
  );
}

interface KeptProps {
  readonly stored: StoredModel;
  readonly onDiscard: (stored: StoredModel) => Promise<void>;
}

function Kept({ stored, onDiscard }: KeptProps) {
  return (
    <Button variant="quiet" icon={<Icon name="trash" />} className={panel.start} onClick={() => void onDiscard(stored)}>
      Discard this student
    </Button>
  );
}

function Ending({ ending: { photo, isRefused, error } }: { readonly ending: Phase<'ended'> }) {
  return (
    <p role={isRefused ? 'status' : 'alert'} className={isRefused ? panel.quiet : panel.error}>
      <strong>{photo.name}:</strong> {error.reason} {error.hint}
    </p>
  );
}

type Phase<Name extends Adapting['phase']> = Extract<Adapting, { readonly phase: Name }>;
