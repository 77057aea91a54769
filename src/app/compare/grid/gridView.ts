import { create } from 'zustand';
import { arrowDirections, ViewControl } from '../../zoom/viewControl.ts';
import { fitted, reframed, toImage } from '../../zoom/viewport.ts';
import type { Point, Size, Viewport } from '../../zoom/viewport.ts';
import { cellLayers } from '../layers/cellLayers.ts';

interface GridView {
  /** The same for all images of the grid. */
  readonly view: Viewport | null;
  /** Of one image, CSS pixels. */
  readonly frame: Size;
  readonly magnifying: boolean;
  /** Middle of the magnifier in the image; null before the pointer or a key has placed it. */
  readonly lens: Point | null;
  /** Place in the grid of the image that is shown alone; null shows all. */
  readonly alone: number | null;
  /** The one that was shown alone before it: what F goes back to. */
  readonly before: number;
}

/** Where the person looks. It changes with every move of the pointer. */
export const useGridView = create<GridView>(() => ({
  view: null,
  frame: { width: 0, height: 0 },
  magnifying: false,
  lens: null,
  alone: null,
  before: 0,
}));

export const gridControl = new ViewControl({
  read: () => ({ ...useGridView.getState(), size: cellLayers.size }),
  write: (view) => useGridView.setState({ view }),
});

let placed: Size | null = null;

/** Lays the image into a frame of another size, or another image into the frame: one of the same size keeps its place. */
export function place(frame: Size): void {
  const { size } = cellLayers;
  const { view, frame: before } = useGridView.getState();
  const isSame = placed !== null && size !== null && placed.width === size.width && placed.height === size.height;
  placed = size;
  if (!size || frame.width === 0) return useGridView.setState({ frame, view: null, lens: null });
  const next =
    view && isSame ? reframed(view, size, before, frame, devicePixelRatio) : fitted(size, frame, devicePixelRatio);
  useGridView.setState({ frame, view: next, ...(isSame ? {} : { lens: null }) });
}

/** Lays another photo's images into the frame, which may have stayed as it was. */
export function placeImage(): void {
  place(useGridView.getState().frame);
}

/** Shows one image alone, or all. The one before it is what `flip` goes back to. */
export function showAlone(index: number | null): void {
  const { alone, before } = useGridView.getState();
  useGridView.setState({ alone: index, before: alone !== null && index !== null && alone !== index ? alone : before });
}

/** Changes between the image that is shown alone and the one before it. */
export function flip(count: number): void {
  const { alone, before } = useGridView.getState();
  if (count < 2) return;
  if (alone === null) return showAlone(Math.min(1, count - 1));
  showAlone(before === alone || before >= count ? (alone + 1) % count : before);
}

export function toggleMagnifier(): void {
  const { magnifying, lens } = useGridView.getState();
  useGridView.setState({ magnifying: !magnifying, lens: lens ?? middle() });
}

/** Puts the magnifier over a point of the frame. */
export function placeLens(point: Point): void {
  const { view } = useGridView.getState();
  if (view) useGridView.setState({ lens: toImage(view, point) });
}

const LENS_STEP = 24;

/** Moves the magnifier by a key. True when it was one that moves it. */
export function moveLens(key: string): boolean {
  const way = arrowDirections[key];
  const { view, lens } = useGridView.getState();
  const { size } = cellLayers;
  if (!way || !view || !size || !lens) return false;
  const step = LENS_STEP / view.scale;
  const within = (value: number, length: number): number => Math.min(length, Math.max(0, value));
  useGridView.setState({
    lens: { x: within(lens.x + way.x * step, size.width), y: within(lens.y + way.y * step, size.height) },
  });
  return true;
}

function middle(): Point | null {
  const { view, frame } = useGridView.getState();
  return view && toImage(view, { x: frame.width / 2, y: frame.height / 2 });
}
