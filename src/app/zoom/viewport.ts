/** How an image lies in a frame: frame = image · scale + offset. The frame is measured in CSS pixels. */
export interface Viewport {
  /** CSS pixels per image pixel. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Image pixels may be shown eight times as large as screen pixels. */
export const MAX_ZOOM = 8;
const MAX_FIT = 3;

/** The whole image, centred, as large as the frame allows; a small one at most three times as large as its pixels. */
export function fitted(image: Size, frame: Size, ratio: number): Viewport {
  const scale = fitScale(image, frame, ratio);
  return centred({ x: image.width / 2, y: image.height / 2 }, scale, frame);
}

/** Zoom as people count it: 1 = one image pixel per screen pixel. `ratio` is the screen's device pixel ratio. */
export function zoomOf({ scale }: Viewport, ratio: number): number {
  return scale * ratio;
}

/** Zooms by a factor, keeping what lies at `anchor` (frame) in its place, from the fitted view (or 100 %) to 800 %. */
export function zoomedBy(
  view: Viewport,
  factor: number,
  anchor: Point,
  image: Size,
  frame: Size,
  ratio: number,
): Viewport {
  return zoomedTo(view, zoomOf(view, ratio) * factor, anchor, image, frame, ratio);
}

/** The same to a given zoom. */
export function zoomedTo(
  view: Viewport,
  zoom: number,
  anchor: Point,
  image: Size,
  frame: Size,
  ratio: number,
): Viewport {
  const least = Math.min(fitScale(image, frame, ratio), 1 / ratio);
  const scale = Math.min(Math.max(zoom / ratio, least), MAX_ZOOM / ratio);
  const at = toImage(view, anchor);
  return settled({ scale, x: anchor.x - at.x * scale, y: anchor.y - at.y * scale }, image, frame);
}

/** Moves the image by a distance in the frame, as far as its edges allow. */
export function pannedBy(view: Viewport, dx: number, dy: number, image: Size, frame: Size): Viewport {
  return settled({ ...view, x: view.x + dx, y: view.y + dy }, image, frame);
}

/** A point of the frame, in the image's pixels. */
export function toImage({ scale, x, y }: Viewport, point: Point): Point {
  return { x: (point.x - x) / scale, y: (point.y - y) / scale };
}

/** The part of the image that the frame shows, in whole pixels. */
export function visiblePart(
  view: Viewport,
  image: Size,
  frame: Size,
): { left: number; top: number; width: number; height: number } {
  const from = toImage(view, { x: 0, y: 0 });
  const to = toImage(view, { x: frame.width, y: frame.height });
  const left = Math.max(0, Math.floor(from.x));
  const top = Math.max(0, Math.floor(from.y));
  return {
    left,
    top,
    width: Math.max(0, Math.min(image.width, Math.ceil(to.x)) - left),
    height: Math.max(0, Math.min(image.height, Math.ceil(to.y)) - top),
  };
}

/** The view after the frame changed its size: a fitted image stays fitted, another keeps its middle. */
export function reframed(view: Viewport, image: Size, before: Size, after: Size, ratio: number): Viewport {
  if (isFitted(view, image, before, ratio)) return fitted(image, after, ratio);
  const middle = toImage(view, { x: before.width / 2, y: before.height / 2 });
  const scale = Math.max(view.scale, fitScale(image, after, ratio));
  return settled(centred(middle, scale, after), image, after);
}

export function isFitted({ scale }: Viewport, image: Size, frame: Size, ratio: number): boolean {
  return scale <= fitScale(image, frame, ratio) * 1.0001;
}

function fitScale(image: Size, frame: Size, ratio: number): number {
  return Math.min(frame.width / image.width, frame.height / image.height, MAX_FIT / ratio);
}

function centred(middle: Point, scale: number, frame: Size): Viewport {
  return { scale, x: frame.width / 2 - middle.x * scale, y: frame.height / 2 - middle.y * scale };
}

/** No gap beside an image larger than the frame; a smaller one is centred. */
function settled({ scale, x, y }: Viewport, image: Size, frame: Size): Viewport {
  const along = (offset: number, length: number, room: number): number =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset));
  return { scale, x: along(x, image.width * scale, frame.width), y: along(y, image.height * scale, frame.height) };
}
