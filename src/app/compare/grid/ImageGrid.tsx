import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { gridColumns, tallestImage } from '../../zoom/gridColumns.ts';
import type { Size } from '../../zoom/viewport.ts';
import { useMedia } from '../../ui/useMedia.ts';
import { keyOf } from '../layers/cellLayers.ts';
import type { Shown } from '../layers/cellLayers.ts';
import { cellOf, isUnfinished } from '../run/state.ts';
import type { ComparedImage } from '../run/state.ts';
import { dispatch, useComparison } from '../session/comparison.ts';
import { derainWith, useIsInDerain } from '../session/derainWith.ts';
import { readThumbnail } from '../session/images.ts';
import { changeSettings, useCompareSettings } from '../session/settings.ts';
import type { CompareSettings } from '../session/settings.ts';
import { useComparedModels } from '../session/useCompared.ts';
import { useFiles } from '../session/useFiles.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { FiguresLine } from '../../ui/FiguresLine.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { CellCanvas } from './CellCanvas.tsx';
import { cellWords, differenceName } from './cellWords.ts';
import type { CellWords } from './cellWords.ts';
import { gridCells, minusOf } from './cells.ts';
import { flip, gridControl, moveLens, placeImage, showAlone, toggleMagnifier, useGridView } from './gridView.ts';
import style from './ImageGrid.module.css';

const GAP = 8;
/** What the words under an image take, about, pixels: the number of columns is chosen by it. */
const CAPTION = 88;

/** Keys on the grid, as they are told to those who ask. */
export const GRID_KEYS =
  'Keys: 1 to 9 show one image alone, F flips between the last two, Escape shows all, plus and minus zoom, 0 fits, arrows move, M magnifies, D shows differences.';

interface ImageGridProps {
  readonly image: ComparedImage;
  readonly onPresent: () => void;
  /** Whether the keyboard's focus was lost with what stood here before. */
  readonly takesFocus: () => boolean;
}

/** The images of one photo, moved alike, with their figures. */
export function ImageGrid({ image, onPresent, takesFocus }: ImageGridProps) {
  const settings = useCompareSettings();
  const models = useComparedModels();
  const alone = useGridView((state) => state.alone);
  const frame = useGridView((state) => state.frame);
  const cells = useMemo(
    () => gridCells(settings.layout, models, image.truth !== null),
    [settings.layout, models, image.truth],
  );
  const index = alone !== null && alone < cells.length ? alone : null;
  const shown = index === null ? cells : [cells[index]!];
  const { room, ref } = useRoom();
  const isNarrow = useMedia('(max-width: 899px)');
  const columns = isNarrow
    ? Math.min(shown.length, room.width < 340 ? 1 : 2)
    : gridColumns(shown.length, image.size, room, { gap: GAP, caption: CAPTION });
  // Captions stand close to their images; one image alone has all the room there is to be looked at closely.
  const tallest = shown.length === 1 ? '1fr' : `${tallestImage(columns, image.size, room, GAP)}px`;
  // Words begin where the image does.
  const inset = Math.max(0, (frame.width - (frame.height * image.size.width) / image.size.height) / 2);
  useFiles(image);
  useEffect(placeImage, [image]);
  useLayoutEffect(() => {
    if (takesFocus()) ref.current?.focus({ preventScroll: true });
  }, [ref, takesFocus]);

  return (
    // The grid takes keys; it holds images and is no control itself.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={ref}
      className={style.grid}
      role="group"
      aria-label={`${image.name}, ${image.size.width} × ${image.size.height}. ${GRID_KEYS}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      style={
        {
          '--columns': columns,
          '--rows': Math.ceil(shown.length / columns),
          '--proportion': image.size.width / image.size.height,
          '--tallest': tallest,
          '--inset': `${Math.round(inset)}px`,
        } as React.CSSProperties
      }
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
        if (press(event.key, cells.length, settings, image, onPresent)) event.preventDefault();
      }}
    >
      {shown.map((cell, at) => (
        <CellFigure
          key={keyOf(cell)}
          cell={cell}
          place={index ?? at}
          image={image}
          settings={settings}
          isFirst={at === 0}
          isAlone={index !== null}
        />
      ))}
    </div>
  );
}

/** True when the key meant something. */
function press(
  key: string,
  count: number,
  { reference }: CompareSettings,
  { truth }: ComparedImage,
  onPresent: () => void,
): boolean {
  const { magnifying, alone } = useGridView.getState();
  const digit = /^[1-9]$/.test(key) ? Number(key) : null;
  if (digit !== null) {
    if (digit > count) return false;
    showAlone(alone === digit - 1 ? null : digit - 1);
  } else if (key === 'f' || key === 'F') flip(count);
  else if (key === 'Escape' && alone !== null) showAlone(null);
  else if (key === 'm' || key === 'M') toggleMagnifier();
  else if (key === 'p' || key === 'P') onPresent();
  else if (key === 'd' || key === 'D')
    changeSettings({ reference: reference === 'none' ? (truth ? 'truth' : 'original') : 'none' });
  else return (magnifying && moveLens(key)) || gridControl.key(key);
  return true;
}

/** The size of an element, as it changes. */
function useRoom(): { readonly room: Size; readonly ref: React.RefObject<HTMLDivElement | null> } {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = (): void => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure(); // Before the first frame: what is laid out without a size would move in the second.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { room, ref };
}

interface CellFigureProps {
  readonly cell: Shown;
  /** In the grid, counted from 0. */
  readonly place: number;
  readonly image: ComparedImage;
  readonly settings: CompareSettings;
  readonly isFirst: boolean;
  readonly isAlone: boolean;
}

function CellFigure({ cell, place, image, settings, isFirst, isAlone }: CellFigureProps) {
  const models = useComparedModels();
  const { cells, inputs, unreadable, stopped } = useComparison();
  const { channels, gain, reference } = settings;
  const words = cellWords(cell, image, models, { cells, inputs, unreadable, stopped }, channels);
  const state = cell.model === null ? null : cellOf({ cells }, image.id, cell.model);
  const minus = minusOf(cell, reference, image.truth !== null);
  const isMap = cell.kind === 'rainMap' || cell.kind === 'trueRainMap';
  const name = minus ? differenceName(words.name, reference, gain) : isMap ? `${words.name} × ${gain}` : words.name;
  return (
    <figure className={style.cell}>
      <div className={style.frame}>
        <CellCanvas
          cell={cell}
          minus={minus}
          gain={minus || isMap ? gain : 1}
          pending={state !== null && isUnfinished(state)}
          label={[name, words.pending, words.error].filter(Boolean).join('. ')}
          isFirst={isFirst}
        />
        <CellState words={words} image={image} model={cell.model} />
      </div>
      <figcaption className={style.caption}>
        <div className={style.head}>
          <button
            type="button"
            className={style.name}
            title={isAlone ? 'Show all' : 'Show alone'}
            aria-pressed={isAlone}
            onClick={() => showAlone(isAlone ? null : place)}
          >
            {place < 9 && <kbd className={style.key}>{place + 1}</kbd>}
            <span className={style.words}>{name}</span>
          </button>
          {cell.kind === 'output' && words.error === null && !unreadable[image.id] && (
            <DerainButton model={cell.model} name={words.name} image={image} />
          )}
        </div>
        <div className={style.figures}>
          <Lines lines={words.lines} />
          <Lines lines={words.room} isRoom />
        </div>
      </figcaption>
    </figure>
  );
}

/** The figures under an image, or as room for them unseen behind them. */
function Lines({ lines, isRoom = false }: { readonly lines: readonly string[]; readonly isRoom?: boolean }) {
  return (
    <div className={isRoom ? style.room : style.lines} aria-hidden={isRoom || undefined}>
      {lines.map((line) => (
        <span key={line} className={style.line}>
          <FiguresLine line={line} />
        </span>
      ))}
    </div>
  );
}

interface DerainButtonProps {
  readonly model: string;
  readonly name: string;
  readonly image: ComparedImage;
}

/** Takes the image to Derain, where the result can be saved as the photo is. */
function DerainButton({ model, name, image }: DerainButtonProps) {
  if (!useIsInDerain(model)) return null;
  return (
    <IconButton
      className={style.derain}
      label={`Use ${name} in Derain`}
      icon={<Icon name="drop" size={16} />}
      onClick={() => derainWith(model, image)}
    />
  );
}

/** What an image lacks, on the image itself. */
function CellState({
  words,
  image,
  model,
}: {
  readonly words: CellWords;
  readonly image: ComparedImage;
  readonly model: string | null;
}) {
  if (words.error !== null) {
    const again = (): void =>
      model === null ? void readThumbnail(image) : dispatch({ type: 'cellRetried', image: image.id, model });
    return (
      <div className={style.failed} role="alert">
        <p>
          <strong>{model === null ? 'This photo cannot be read.' : `${words.name} failed.`}</strong> {words.error}
        </p>
        <Button onClick={again}>Try again</Button>
      </div>
    );
  }
  return words.pending === null ? null : <span className={style.pending}>{words.pending}</span>;
}
