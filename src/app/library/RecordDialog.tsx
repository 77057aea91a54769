import { useCallback, useEffect, useState } from 'react';
import { readPhotoFile } from '../../browser/library/catalogue.ts';
import type { LibraryRecord, PairRecord, PhotoRole, StoredPhoto } from '../../protocol/libraryRecord.ts';
import { IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { RangeField } from '../ui/RangeField.tsx';
import { BlobImage } from '../ui/BlobImage.tsx';
import { formatBytes, withUnit } from '../ui/format.ts';
import { DirectionDial } from './DirectionDial.tsx';
import style from './RecordDialog.module.css';
import { turnTo } from './libraryActions.ts';
import { directionSource } from './format.ts';
import { rainMapOf } from './workers.ts';

export interface RecordDialogProps {
  readonly record: LibraryRecord | null;
  readonly onClose: () => void;
  /** Shows the image before (−1) or after (1) this one. */
  readonly onStep: (by: -1 | 1) => void;
}

/** An image at full width; a pair as rainy, clean and rain map, with its direction, which can be changed. */
export function RecordDialog({ record, onClose, onStep }: RecordDialogProps) {
  const open = record !== null;
  useEffect(() => {
    if (!open) return;
    const press = (event: KeyboardEvent) => {
      if (event.target instanceof Element && event.target.closest('input, [role=slider]')) return;
      if (event.key === 'ArrowLeft') onStep(-1);
      if (event.key === 'ArrowRight') onStep(1);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [open, onStep]);

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={record?.name ?? ''}
      shape="wide"
      actions={
        <>
          <IconButton
            label="Previous"
            icon={
              <span className={style.back}>
                <Icon name="chevronRight" />
              </span>
            }
            onClick={() => onStep(-1)}
          />
          <IconButton label="Next" icon={<Icon name="chevronRight" />} onClick={() => onStep(1)} />
        </>
      }
    >
      {record &&
        (record.collection === 'pairs' ? (
          <Pair key={record.id} pair={record} />
        ) : (
          <Single key={record.id} id={record.id} photo={record.photo} />
        ))}
    </Dialog>
  );
}

function Single({ id, photo }: { readonly id: string; readonly photo: StoredPhoto }) {
  return (
    <div className={style.single}>
      <StoredImage id={id} part="photo" name={photo.fileName} />
      <Facts photo={photo} />
    </div>
  );
}

function Pair({ pair }: { readonly pair: PairRecord }) {
  const [gain, setGain] = useState(2);
  const map = useLoaded(useCallback(() => rainMapOf(pair.id, gain), [pair.id, gain]));
  const { index, source } = pair.direction;
  return (
    <>
      <div className={style.pair}>
        <figure>
          <StoredImage id={pair.id} part="rainy" name={`${pair.name}, rainy`} />
          <figcaption>Rainy</figcaption>
        </figure>
        <figure>
          <StoredImage id={pair.id} part="clean" name={`${pair.name}, clean`} />
          <figcaption>Clean</figcaption>
        </figure>
        <figure>
          <div className={style.frame} style={{ aspectRatio: `${pair.rainy.width} / ${pair.rainy.height}` }}>
            {map instanceof Blob && <BlobImage blob={map} alt={`${pair.name}, rain map`} />}
            {map === 'failed' && <p className={style.failed}>The rain map could not be made.</p>}
          </div>
          <figcaption>Rain map z = rainy − clean, ×{gain}</figcaption>
        </figure>
      </div>
      <div className={style.controls}>
        <div className={style.direction}>
          <DirectionDial index={index} onChange={(next) => void turnTo(pair.id, next)} />
          <p>
            <strong className={style.degrees}>{index * 10}°</strong>
            <br />
            <span className={style.quiet}>
              Direction of the rain, {directionSource(source)}. If it is wrong, turn the needle along the streaks.
            </span>
          </p>
        </div>
        <div className={style.gain}>
          <RangeField label="Rain map gain" value={gain} min={1} max={8} step={1} unit="×" onChange={setGain} />
          <Facts photo={pair.rainy} />
        </div>
      </div>
    </>
  );
}

function StoredImage({ id, part, name }: { readonly id: string; readonly part: PhotoRole; readonly name: string }) {
  const file = useLoaded(useCallback(() => readPhotoFile(id, part), [id, part]));
  if (file === 'failed') return <p className={style.failed}>This image is missing from the Library.</p>;
  return file ? <BlobImage blob={file} alt={name} className={style.image} /> : <div className={style.image} />;
}

function Facts({ photo }: { readonly photo: StoredPhoto }) {
  return (
    <p className={style.quiet}>
      {photo.fileName} · {photo.width} × {withUnit(photo.height, 'px')} · {formatBytes(photo.bytes)}
    </p>
  );
}

/** What `load` resolves to, loaded anew when `load` changes; the old one stays until the new one is there. */
function useLoaded(load: () => Promise<Blob>): Blob | 'failed' | null {
  const [blob, setBlob] = useState<Blob | 'failed' | null>(null);
  useEffect(() => {
    let current = true;
    load().then(
      (loaded) => current && setBlob(loaded),
      () => current && setBlob('failed'),
    );
    return () => {
      current = false;
    };
  }, [load]);
  return blob;
}
