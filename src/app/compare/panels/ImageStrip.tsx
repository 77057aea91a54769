import type { KeyboardEvent } from 'react';
import type { DroppedFile } from '../../../protocol/library.ts';
import { BlobImage } from '../../ui/BlobImage.tsx';
import { Button } from '../../ui/Button.tsx';
import { chooseFiles } from '../../ui/chooseFiles.ts';
import { Icon } from '../../ui/Icon.tsx';
import { progressOf } from '../run/state.ts';
import type { ComparedImage, Progress, UserError } from '../run/state.ts';
import { dispatch, useComparison } from '../session/comparison.ts';
import { addPhotos } from '../session/images.ts';
import style from './ImageStrip.module.css';

const take = (files: readonly DroppedFile[]): void => void addPhotos(files);

/** The images that are compared on, each with how far it is. Arrow keys go from one to the next. */
export function ImageStrip({ onLibrary }: { readonly onLibrary: () => void }) {
  const images = useComparison((state) => state.images);
  const currentId = useComparison((state) => state.currentId);
  const press = (event: KeyboardEvent): void => {
    const at = images.findIndex(({ id }) => id === currentId);
    const ways: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: images.length - 1,
    };
    const next = images[ways[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    dispatch({ type: 'imageFocused', id: next.id });
    const list = event.currentTarget;
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-current]')?.focus());
  };
  return (
    <div className={style.strip}>
      {/* The list hears the arrow keys of the buttons in it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul className={style.images} aria-label="Images" onKeyDown={press}>
        {images.map((image) => (
          <li key={image.id}>
            <ImageButton image={image} isCurrent={image.id === currentId} />
          </li>
        ))}
      </ul>
      <div className={style.add}>
        <Button variant="quiet" icon={<Icon name="image" />} onClick={() => chooseFiles('files', take)}>
          Add photos
        </Button>
        <Button variant="quiet" icon={<Icon name="storage" />} onClick={onLibrary}>
          Library
        </Button>
      </div>
    </div>
  );
}

function ImageButton({ image, isCurrent }: { readonly image: ComparedImage; readonly isCurrent: boolean }) {
  const models = useComparison((state) => state.models);
  const cells = useComparison((state) => state.cells);
  const unreadable = useComparison((state) => state.unreadable[image.id]);
  return (
    <button
      type="button"
      className={style.image}
      title={unreadable ? `${image.name}. ${unreadable.reason} ${unreadable.hint}` : image.name}
      tabIndex={isCurrent ? 0 : -1}
      aria-current={isCurrent || undefined}
      onClick={() => dispatch({ type: 'imageFocused', id: image.id })}
    >
      <Thumbnail image={image} unreadable={unreadable} />
      <span className={style.name}>{image.name}</span>
      <span className={style.state}>
        {unreadable ? 'Unreadable' : progressWords(progressOf({ images: [image], models, cells, unreadable: {} }))}
      </span>
    </button>
  );
}

interface ThumbnailProps {
  readonly image: ComparedImage;
  readonly unreadable: UserError | undefined;
}

/** The image in small, or in its place why there is none. */
function Thumbnail({ image: { thumbnail }, unreadable }: ThumbnailProps) {
  if (unreadable) return <span className={style.unreadable}>{unreadable.reason}</span>;
  if (!thumbnail) return <span className={style.thumbnail} />;
  return <BlobImage blob={thumbnail} alt="" className={style.thumbnail} />;
}

/** '2 of 3 · 1 failed'. */
function progressWords({ done, total, failed }: Progress): string {
  return `${done} of ${total}${failed > 0 ? ` · ${failed} failed` : ''}`;
}
