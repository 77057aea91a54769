import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { formatModel } from '../../models/format.ts';
import { useModels } from '../../models/registry.ts';
import { BlobImage } from '../../ui/BlobImage.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatShortDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import panel from '../../ui/Panel.module.css';
import { RangeField } from '../../ui/RangeField.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { queueProgress } from '../queue/photo.ts';
import type { Photo } from '../queue/photo.ts';
import { currentPhoto, setupOf } from '../queue/state.ts';
import { chooseForAll } from '../session/choice.ts';
import { dispatch, useQueue } from '../session/derainQueue.ts';
import { STRENGTH } from '../session/settings.ts';
import { percent, formatState, setupWords } from './format.ts';
import style from './panels.module.css';

/** Of one photo with the gap beside it, pixels. */
const FRAME = 120;
const EDGE = 16;

/** The photos of the queue, each with how far it is; only those near the screen are in the page. Arrow keys go from one to the next. */
export function Filmstrip() {
  const photos = useQueue((state) => state.photos);
  const currentId = useQueue((state) => state.currentId);
  const settings = useQueue((state) => state.settings);
  const models = useModels((state) => state.models);
  const strip = useRef<HTMLDivElement>(null);
  // The virtualizer changes inside; nothing it gives is handed to a memoized component.
  // oxlint-disable-next-line react/incompatible-library
  const frames = useVirtualizer({
    horizontal: true,
    count: photos.length,
    getScrollElement: () => strip.current,
    estimateSize: () => FRAME,
    paddingStart: EDGE,
    paddingEnd: EDGE,
    overscan: 6,
    getItemKey: (index) => photos[index]!.id,
  });
  // What the photos are derained with takes a line each once it differs.
  const differs = photos.some(({ own }) => Object.keys(own).length > 0);
  const current = photos.findIndex(({ id }) => id === currentId);
  const { press, followFocus } = useStripKeys(photos, current);
  useEffect(() => {
    if (current < 0) return;
    frames.scrollToIndex(current);
    followFocus(strip.current);
  }, [frames, current, currentId, followFocus]);

  return (
    <div className={style.queue}>
      <QueueBar photos={photos} />
      <div ref={strip} className={style.strip}>
        <ul
          className={style.frames}
          style={{ width: frames.getTotalSize() }}
          data-tall={differs || undefined}
          aria-label="Photos"
          onKeyDown={press}
        >
          {frames.getVirtualItems().map(({ index, key, start }) => {
            const photo = photos[index];
            return (
              photo && (
                <Frame
                  key={key}
                  photo={photo}
                  setup={differs ? setupWords(setupOf(settings, photo), models) : null}
                  place={index + 1}
                  of={photos.length}
                  left={start}
                  isCurrent={index === current}
                  isFirst={index === 0 && current < 0}
                />
              )
            );
          })}
        </ul>
      </div>
    </div>
  );
}

interface StripKeys {
  readonly press: (event: KeyboardEvent) => void;
  /** Moves the keyboard's focus to the photo that a key chose, once it is in the page. */
  readonly followFocus: (strip: HTMLElement | null) => void;
}

/** Arrows, Home and End choose a photo, Delete removes the one that is chosen. */
function useStripKeys(photos: readonly Photo[], current: number): StripKeys {
  const byKey = useRef(false);
  const followFocus = useCallback((strip: HTMLElement | null) => {
    if (!byKey.current) return;
    byKey.current = false;
    requestAnimationFrame(() => strip?.querySelector<HTMLElement>('[data-current] button')?.focus());
  }, []);
  const press = (event: KeyboardEvent): void => {
    if ((event.target as HTMLElement).dataset['pick'] === undefined) return;
    const last = photos.length - 1;
    const ways: Readonly<Record<string, number>> = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      Home: 0,
      End: last,
    };
    if (event.key === 'Delete' && photos[current]) {
      byKey.current = true;
      dispatch({ type: 'photoRemoved', id: photos[current].id });
    } else {
      const way = ways[event.key];
      const next = way === undefined ? undefined : photos[Math.min(last, Math.max(0, way))];
      if (!next) return;
      byKey.current = next.id !== photos[current]?.id;
      dispatch({ type: 'photoFocused', id: next.id });
    }
    event.preventDefault();
  };
  return { press, followFocus };
}

interface FrameProps {
  readonly photo: Photo;
  /** What it is derained with; null when that is the same for all. */
  readonly setup: string | null;
  /** Counted from 1. */
  readonly place: number;
  readonly of: number;
  /** Pixels from the strip's beginning. */
  readonly left: number;
  readonly isCurrent: boolean;
  readonly isFirst: boolean;
}

function Frame({ photo, setup, place, of, left, isCurrent, isFirst }: FrameProps) {
  const bad = photo.state === 'refused' || photo.state === 'failed';
  const tabIndex = isCurrent || isFirst ? 0 : -1;
  return (
    <li
      className={style.frame}
      style={{ left }}
      data-current={isCurrent || undefined}
      aria-setsize={of}
      aria-posinset={place}
    >
      <button
        type="button"
        className={style.pick}
        data-pick=""
        tabIndex={tabIndex}
        aria-current={isCurrent || undefined}
        onClick={() => dispatch({ type: 'photoFocused', id: photo.id })}
      >
        {photo.thumbnail ? (
          <BlobImage blob={photo.thumbnail} alt="" className={style.frameImage} />
        ) : (
          <span className={style.frameImage}>{bad && <Icon name="warning" />}</span>
        )}
        <span className={style.frameName}>{photo.name}</span>
        <span className={style.frameState} data-bad={bad || undefined}>
          {photo.state === 'working' ? percent(photo.share) : formatState(photo)}
        </span>
        {setup && <span className={style.frameState}>{setup}</span>}
      </button>
      <IconButton
        label={`Remove ${photo.name}`}
        icon={<Icon name="close" size={16} />}
        className={style.frameRemove}
        tabIndex={tabIndex}
        onClick={() => dispatch({ type: 'photoRemoved', id: photo.id })}
      />
    </li>
  );
}

/** How far the whole queue is, and what can be done about it. */
function QueueBar({ photos }: { readonly photos: readonly Photo[] }) {
  const paused = useQueue((state) => state.paused);
  const otherModel = useQueue((state) => state.otherModel);
  const storing = useQueue((state) => state.storing.size);
  const unkept = useQueue((state) => state.unkept.size);
  const [choosing, setChoosing] = useState(false);
  const { total, done, bad, open, cancelled, msLeft } = queueProgress(photos);
  const words = [
    `${done} of ${total} done`,
    bad > 0 && `${bad} failed`,
    paused ? 'paused' : msLeft !== null && `about ${formatShortDuration(msLeft)} left`,
    otherModel && 'started with another student',
    storing > 0 && `${storing} being stored`,
    unkept > 0 && `${unkept} in this tab only`,
  ];
  return (
    <div className={style.queueBar} role="group" aria-label="All photos">
      <span className={style.queueText}>{words.filter(Boolean).join(' · ')}</span>
      {open > 0 && !paused && (
        <Button variant="quiet" onClick={() => dispatch({ type: 'paused' })}>
          Pause
        </Button>
      )}
      {paused && (
        <Button variant="quiet" onClick={() => dispatch({ type: 'resumed' })}>
          Resume
        </Button>
      )}
      {open > 0 && (
        <Button variant="quiet" onClick={() => dispatch({ type: 'allCancelled' })}>
          Cancel all
        </Button>
      )}
      {open === 0 && bad + cancelled > 0 && photos.some(({ state }) => state === 'failed' || state === 'cancelled') && (
        <Button variant="quiet" onClick={() => dispatch({ type: 'allRetried' })}>
          Try again
        </Button>
      )}
      {total > 1 && (
        <Button variant="quiet" onClick={() => setChoosing(true)}>
          Run all again with …
        </Button>
      )}
      <RunAllDialog open={choosing} onClose={() => setChoosing(false)} />
      <Button variant="quiet" onClick={() => dispatch({ type: 'allRemoved' })}>
        Remove all
      </Button>
    </div>
  );
}

/** Another student or strength for every photo of the queue. */
function RunAllDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Run all again with …">
      {open && <RunAllForm onClose={onClose} />}
    </Dialog>
  );
}

function RunAllForm({ onClose }: { readonly onClose: () => void }) {
  const models = useModels((state) => state.models) ?? [];
  const settings = useQueue((state) => state.settings);
  const photo = useQueue(currentPhoto);
  const count = useQueue(({ photos }) => photos.filter(({ state }) => state !== 'refused').length);
  const now = photo ? setupOf(settings, photo) : settings;
  const [model, setModel] = useState(now.model ?? '');
  const [strength, setStrength] = useState(now.strength);
  return (
    <form
      className={panel.section}
      onSubmit={(event) => {
        event.preventDefault();
        chooseForAll({ model, strength });
        onClose();
      }}
    >
      <SelectField
        label="Student"
        value={model}
        options={models.map((one) => ({ value: one.id, label: formatModel(one) }))}
        onChange={setModel}
      />
      <RangeField label="Strength" value={strength} {...STRENGTH} unit="%" onChange={setStrength} />
      <p className={panel.quiet}>
        This replaces choices made for single photos. Those already done with this student are not recomputed.
      </p>
      <Button type="submit" variant="primary" icon={<Icon name="redo" size={16} />} disabled={model === ''}>
        Apply to all {count}
      </Button>
    </form>
  );
}
