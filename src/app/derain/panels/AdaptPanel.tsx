import type { StoredModel } from '../../../browser/models.ts';
import { adaptToPhoto, cancel, discard, discardKept, keep, useAdapting } from '../adapt/adaptSession.ts';
import type { Adapting } from '../adapt/adapting.ts';
import { useQueue } from '../session/derainQueue.ts';
import { useDerainSettings } from '../session/settings.ts';
import type { Photo } from '../queue/state.ts';
import { useModels } from '../../models/registry.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { duration, rainWords } from './format.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** A student of its own for the rain of one photo and of others like it. */
export function AdaptPanel({ photo, model }: { readonly photo: Photo | null; readonly model: ModelChoice }) {
  const adapting = useAdapting();
  switch (adapting.phase) {
    case 'idle':
    case 'ended':
      return (
        <>
          {adapting.phase === 'ended' && <Ending ending={adapting} />}
          {model.stored?.adapted && <Kept stored={model.stored} />}
          {photo && model.role === 'student' && <Begin photo={photo} model={model.id} />}
        </>
      );
    case 'working':
      return <Working work={adapting} />;
    case 'offered':
      return <Offer offer={adapting} />;
    default:
      return adapting satisfies never;
  }
}

function Begin({ photo, model }: { readonly photo: Photo; readonly model: string }) {
  const { adaptSeconds } = useDerainSettings();
  return (
    <Button
      variant="quiet"
      icon={<Icon name="drop" />}
      className={panel.start}
      disabled={photo.state !== 'done'}
      title={`Learns this photo’s own rain for ${duration(adaptSeconds * 1000)}, on this device`}
      onClick={() => void adaptToPhoto(photo, model)}
    >
      Adapt to this photo
    </Button>
  );
}

function Working({ work: { photo, rain, share, isStopping } }: { readonly work: Phase<'working'> }) {
  const { adaptSeconds } = useDerainSettings();
  const left = share === null ? undefined : `about ${duration((1 - share) * adaptSeconds * 1000)} left`;
  return (
    <div className={style.adapt} role="group" aria-label="Adapting">
      <ProgressBar label={`Adapting to ${photo.name}`} value={share} {...(left && { detail: left })} />
      <p className={panel.quiet}>{rain ? rainWords(rain) : 'Looking at its rain …'}</p>
      <Button icon={<Icon name="stop" size={16} />} busy={isStopping} onClick={() => void cancel()}>
        Cancel
      </Button>
    </div>
  );
}

function Offer({ offer: { photo, isKeeping, base, error } }: { readonly offer: Phase<'offered'> }) {
  const count = useQueue((state) => state.photos.filter(({ state: where }) => where !== 'refused').length);
  const before = useModels((state) => state.models?.find(({ id }) => id === base)?.title) ?? 'the student before';
  return (
    <div className={style.adapt} role="group" aria-label="Adapted student">
      <p role="status">
        <strong>Adapted to {photo.name}.</strong> The new student is on the right, {before} on the left.
      </p>
      <div className={style.buttons}>
        <Button icon={<Icon name="check" size={16} />} busy={isKeeping} onClick={() => void keep()}>
          {count > 1 ? `Keep for all ${count} photos` : 'Keep'}
        </Button>
        <Button icon={<Icon name="trash" size={16} />} disabled={isKeeping} onClick={() => void discard()}>
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

function Kept({ stored }: { readonly stored: StoredModel }) {
  return (
    <Button
      variant="quiet"
      icon={<Icon name="trash" />}
      className={panel.start}
      onClick={() => void discardKept(stored)}
    >
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
