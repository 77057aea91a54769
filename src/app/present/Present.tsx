import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createStore } from 'zustand/vanilla';
import { Button, IconButton } from '../ui/Button.tsx';
import { FiguresLine } from '../ui/FiguresLine.tsx';
import { Icon } from '../ui/Icon.tsx';
import { screenColors } from '../zoom/screenColors.ts';
import { drawCell } from '../zoom/drawCell.ts';
import { gridColumns, tallestImage } from '../zoom/gridColumns.ts';
import type { Layer } from '../zoom/layer.ts';
import { ViewControl } from '../zoom/viewControl.ts';
import { fitted, reframed } from '../zoom/viewport.ts';
import type { Size, Viewport } from '../zoom/viewport.ts';
import style from './Present.module.css';

/** One of the images that are presented together. */
export interface Slide {
  readonly key: string;
  readonly caption: string;
  /** Its figures; may be empty. */
  readonly detail: string;
  /** Null until it is there. */
  readonly layer: () => Layer | null;
  /** Brightness: 1, 2, 4, 8 or 16. */
  readonly gain: number;
  /** It is still being computed. */
  readonly pending: boolean;
}

export interface PresentProps {
  /** Of the photo that they show. */
  readonly title: string;
  readonly size: Size | null;
  readonly slides: readonly Slide[];
  /** Goes to another photo. */
  readonly onMove: (by: -1 | 1) => void;
  readonly onClose: () => void;
  /** Calls back when an image has changed; returns how to end that. */
  readonly watch: (reader: () => void) => () => void;
}

/** So many images are legible from the back of a room. */
const MOST = 6;
const GAP = 12;
/** Longer captions are written smaller, in two lines: characters. */
const LONG = 16;
const KEYS =
  '1 to 6 show one image alone, F flips, left and right go through the photos, up and down through their images, plus and minus zoom';

/** Images with large captions on the whole screen, and nothing else: to be shown to a room. */
export function Present({ title, size, slides, onMove, onClose, watch }: PresentProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const screen = useFullScreen(dialog, onClose);
  const room = useSize(screen);
  const { store, control } = useView(size);
  const { shown, alone, first, last, pages, turnPage, press } = usePages(slides, control, onMove);
  const caption = captionHeight(room);
  const columns = size ? gridColumns(shown.length, size, room, { gap: GAP, caption }) : 1;
  // Captions stand close to their images; one image alone has all the room there is.
  const tallest = size && shown.length > 1 ? `${tallestImage(columns, size, room, GAP) + caption}px` : '1fr';

  return (
    <dialog
      ref={dialog}
      className={style.dialog}
      aria-label={`${title}, presented`}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.target instanceof HTMLButtonElement && (event.key === ' ' || event.key === 'Enter')) return;
        if (press(event.key)) event.preventDefault();
      }}
    >
      <div ref={screen} className={style.screen}>
        <ul
          className={style.slides}
          style={
            {
              '--columns': columns,
              '--rows': Math.ceil(shown.length / columns),
              '--caption': `${caption}px`,
              '--tallest': tallest,
            } as React.CSSProperties
          }
        >
          {shown.map((slide, i) => (
            <li key={slide.key} className={style.slide}>
              <SlideCanvas slide={slide} store={store} control={control} size={size} isFirst={i === 0} watch={watch} />
              <Caption slide={slide} number={(alone ?? i) + 1} />
            </li>
          ))}
        </ul>
        <IconButton
          className={style.close}
          label={`Close, Escape. Keys: ${KEYS}`}
          icon={<Icon name="close" size={28} />}
          onClick={() => dialog.current?.close()}
        />
        {pages > 1 && (
          <Button className={style.page} onClick={() => turnPage(1)}>
            Images {first + 1}–{last} of {slides.length}
          </Button>
        )}
      </div>
    </dialog>
  );
}

function Caption({ slide, number }: { readonly slide: Slide; readonly number: number }) {
  return (
    <p className={style.caption}>
      <strong className={style.name} data-long={slide.caption.length > LONG || undefined}>
        <span className={style.number}>{number}</span>
        {slide.caption}
      </strong>
      {slide.detail && (
        <span className={style.detail}>
          <FiguresLine line={slide.detail} />
        </span>
      )}
    </p>
  );
}

/** The size of an element, CSS pixels; nothing until it is laid out. */
function useSize(of: React.RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = of.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  return size;
}

/** Which of the slides are shown, and the keys that change it. There are as many on every page, or one fewer on the last. */
function usePages(slides: readonly Slide[], control: ViewControl, onMove: PresentProps['onMove']) {
  const [page, setPage] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null);
  const [before, setBefore] = useState(0);
  const pages = Math.max(1, Math.ceil(slides.length / MOST));
  const perPage = Math.ceil(slides.length / pages);
  const first = (page % pages) * perPage;
  const onPage = slides.slice(first, first + perPage);
  /** Place on the page of the slide that is shown alone; null shows all. */
  const alone = chosen !== null && onPage[chosen] ? chosen : null;

  const showAlone = (index: number | null): void => {
    if (alone !== null && index !== null && index !== alone) setBefore(alone);
    setChosen(index);
  };
  const turnPage = (by: 1 | -1): void => setPage((page + by + pages) % pages);
  /** True when the key meant something. */
  const press = (key: string): boolean => {
    const digit = /^[1-6]$/.test(key) ? Number(key) - 1 : null;
    if (digit !== null) {
      if (!onPage[digit]) return false;
      showAlone(alone === digit ? null : digit);
    } else if (key === 'ArrowLeft') onMove(-1);
    else if (key === 'ArrowRight' || key === ' ') onMove(1);
    else if (key === 'ArrowUp' || key === 'ArrowDown') turnPage(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'f' || key === 'F') showAlone(alone === null || before === alone ? 0 : before);
    else return control.key(key);
    return true;
  };
  const shown = alone === null ? onPage : [onPage[alone]!];
  return { shown, alone, first, last: first + onPage.length, pages, turnPage, press };
}

/** Opens the dialog over the whole page and, where the browser allows it, the whole screen; Escape ends both. */
function useFullScreen(
  dialog: React.RefObject<HTMLDialogElement | null>,
  onClose: () => void,
): React.RefObject<HTMLDivElement | null> {
  const screen = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useLayoutEffect(() => {
    close.current = onClose;
  });
  useLayoutEffect(() => {
    const [element, inner] = [dialog.current, screen.current];
    if (!element || !inner) return;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    let isFull = false;
    const changed = (): void => {
      if (document.fullscreenElement === inner) isFull = true;
      else if (isFull) close.current();
    };
    document.addEventListener('fullscreenchange', changed);
    // Where it is not allowed, the dialog fills the page.
    inner.requestFullscreen?.({ navigationUI: 'hide' }).catch(() => undefined);
    return () => {
      document.removeEventListener('fullscreenchange', changed);
      element.close();
      // While the screen is full, nothing outside takes the focus that the dialog gives back.
      const giveBack = (): void => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      };
      if (document.fullscreenElement === inner) document.exitFullscreen().then(giveBack, giveBack);
    };
  }, [dialog]);
  return screen;
}

interface ViewState {
  readonly view: Viewport | null;
  readonly frame: Size;
}

/** Where the room looks: the same on all slides. */
function useView(size: Size | null) {
  const [store] = useState(() =>
    createStore<ViewState & { readonly size: Size | null }>(() => ({
      view: null,
      frame: { width: 0, height: 0 },
      size: null,
    })),
  );
  const [control] = useState(
    () => new ViewControl({ read: () => store.getState(), write: (view) => store.setState({ view }) }),
  );
  const [width, height] = [size?.width, size?.height];
  useLayoutEffect(() => {
    const next = width !== undefined && height !== undefined ? { width, height } : null;
    const { frame } = store.getState();
    store.setState({ size: next, view: next && frame.width > 0 ? fitted(next, frame, devicePixelRatio) : null });
  }, [store, width, height]);
  return { store, control };
}

interface SlideCanvasProps {
  readonly slide: Slide;
  readonly store: ReturnType<typeof useView>['store'];
  readonly control: ViewControl;
  readonly size: Size | null;
  /** The frame of all slides is measured on one of them. */
  readonly isFirst: boolean;
  readonly watch: PresentProps['watch'];
}

function SlideCanvas({ slide, store, control, isFirst, watch }: SlideCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    let scheduled = 0;
    const draw = (): void => {
      scheduled = 0;
      const context = target.getContext('2d', { colorSpace: screenColors() });
      const { view } = store.getState();
      const layer = slide.layer();
      if (!context) return;
      context.clearRect(0, 0, target.width, target.height);
      if (!layer || !view) return;
      const ratio = devicePixelRatio;
      const device = { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio };
      drawCell(context, { layer, minus: null, gain: slide.gain, pending: slide.pending }, device);
    };
    const schedule = (): void => void (scheduled ||= requestAnimationFrame(draw));
    const resize = new ResizeObserver(() => {
      const frame = { width: target.clientWidth, height: target.clientHeight };
      target.width = Math.max(1, Math.round(frame.width * devicePixelRatio));
      target.height = Math.max(1, Math.round(frame.height * devicePixelRatio));
      const { view, size, frame: before } = store.getState();
      if (isFirst && size) {
        const next = view
          ? reframed(view, size, before, frame, devicePixelRatio)
          : fitted(size, frame, devicePixelRatio);
        store.setState({ frame, view: next });
      }
      draw();
    });
    resize.observe(target);
    const ends = [
      watch(schedule),
      store.subscribe(schedule),
      control.listen(target, {
        placeOf: (event) => {
          const { left, top } = target.getBoundingClientRect();
          return { x: event.clientX - left, y: event.clientY - top };
        },
      }),
    ];
    schedule();
    return () => {
      resize.disconnect();
      cancelAnimationFrame(scheduled);
      for (const end of ends) end();
    };
  }, [slide, store, control, isFirst, watch]);
  return (
    <canvas
      ref={canvas}
      className={style.canvas}
      role="img"
      aria-label={[slide.caption, slide.detail].filter(Boolean).join('. ')}
    />
  );
}

/** Two lines that can be read from the back of a room. */
function captionHeight({ height }: Size): number {
  return Math.round(Math.min(144, Math.max(56, height / 10)));
}
