import { fitted, isFitted, pannedBy, zoomedBy, zoomedTo, zoomOf } from './viewport.ts';
import type { Point, Size, Viewport } from './viewport.ts';

/** Where a person looks, and at what. */
export interface Looking {
  /** Null before anything was drawn. */
  readonly view: Viewport | null;
  /** Of one image on screen, CSS pixels. */
  readonly frame: Size;
  /** Of the image, pixels; null when there is none. */
  readonly size: Size | null;
}

export interface ViewPort {
  read(): Looking;
  write(view: Viewport): void;
}

const WHEEL_STEP = 0.0015;
/** A pinch on a touchpad arrives as small wheel steps with the control key. */
const PINCH_STEP = 0.01;
const KEY_ZOOM = 1.25;
const KEY_PAN = 64;
/** What is moved into view lies so far from the edge, CSS pixels. */
const EDGE = 24;
const [LEFT_BUTTON, MIDDLE_BUTTON] = [0, 1];

/** Where the arrow keys point, by name. */
export const arrowDirections: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Moves the view of an image, or of several images of one size that are moved alike. */
export class ViewControl {
  constructor(private readonly port: ViewPort) {}

  zoomBy(factor: number, anchor: Point = this.middle()): void {
    this.change(({ view, frame, size }) => zoomedBy(view, factor, anchor, size, frame, devicePixelRatio));
  }

  /** 1 is one image pixel per screen pixel. */
  zoomTo(zoom: number, anchor: Point = this.middle()): void {
    this.change(({ view, frame, size }) => zoomedTo(view, zoom, anchor, size, frame, devicePixelRatio));
  }

  fit(): void {
    this.change(({ frame, size }) => fitted(size, frame, devicePixelRatio));
  }

  panBy(dx: number, dy: number): void {
    this.change(({ view, frame, size }) => pannedBy(view, dx, dy, size, frame));
  }

  /** Moves the image as far as it takes for a pixel of it to be on screen. */
  panIntoView({ x, y }: Point): void {
    this.change(({ view, frame, size }) => {
      const beyond = (at: number, length: number): number => Math.max(0, EDGE - at) - Math.max(0, at - length + EDGE);
      const [dx, dy] = [beyond(x * view.scale + view.x, frame.width), beyond(y * view.scale + view.y, frame.height)];
      return dx === 0 && dy === 0 ? view : pannedBy(view, dx, dy, size, frame);
    });
  }

  /** 100 % at the point; back to the whole image when it is that close already. */
  toggleFull(anchor: Point): void {
    const { view } = this.port.read();
    if (view && zoomOf(view, devicePixelRatio) > 0.99 && !this.isAtFit()) this.fit();
    else this.zoomTo(1, anchor);
  }

  /** Whether the whole image is on screen. */
  isAtFit(): boolean {
    const { view, frame, size } = this.port.read();
    return !view || !size || isFitted(view, size, frame, devicePixelRatio);
  }

  /** + and − zoom, 0 fits, arrows move. True when the key meant something. */
  key(key: string): boolean {
    const way = arrowDirections[key];
    if (way) this.panBy(-way.x * KEY_PAN, -way.y * KEY_PAN);
    else if (key === '+' || key === '=') this.zoomBy(KEY_ZOOM);
    else if (key === '-') this.zoomBy(1 / KEY_ZOOM);
    else if (key === '0') this.fit();
    else return false;
    return true;
  }

  /**
   * Mouse, touch and pen on an element: wheel and pinch zoom, double-click 100 %, drag moves. With a tool out drags are the tool's,
   * and two fingers or the middle button move. Returns how to end it.
   */
  listen(element: HTMLElement, { placeOf, onDragAtFit, tool = null }: ListenOptions): () => void {
    const pointers = new Map<number, Point>();
    const end = new AbortController();
    const { signal } = end;
    let isMoving = false; // the tool is out, but this drag is not the tool's
    const up = (event: PointerEvent): void => {
      if (pointers.delete(event.pointerId) && pointers.size === 0 && !isMoving) tool?.end();
    };
    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const step = event.ctrlKey ? PINCH_STEP : WHEEL_STEP * (event.deltaMode === 1 ? 20 : 1);
        this.zoomBy(Math.exp(-event.deltaY * step), placeOf(event));
      },
      { passive: false, signal },
    );
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== LEFT_BUTTON && !(tool && event.button === MIDDLE_BUTTON)) return;
        if (event.button === MIDDLE_BUTTON) event.preventDefault(); // no scrolling by itself
        element.setPointerCapture(event.pointerId);
        pointers.set(event.pointerId, placeOf(event));
        isMoving = event.button === MIDDLE_BUTTON || pointers.size > 1;
        if (isMoving) tool?.drop();
        else tool?.begin(placeOf(event));
      },
      { signal },
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        const before = pointers.get(event.pointerId);
        const now = placeOf(event);
        if (!before) return tool?.hover(now);
        if (tool && !isMoving) {
          for (const one of event.getCoalescedEvents?.() ?? []) tool.extend(placeOf(one));
          return tool.extend(now);
        }
        const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
        pointers.set(event.pointerId, now);
        if (other) {
          const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
          this.zoomBy(distance(now, other) / Math.max(1, distance(before, other)), middle);
          this.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
        } else if (onDragAtFit && this.isAtFit()) onDragAtFit(now);
        else this.panBy(now.x - before.x, now.y - before.y);
      },
      { signal },
    );
    element.addEventListener('pointerup', up, { signal });
    element.addEventListener('pointercancel', up, { signal });
    element.addEventListener('pointerleave', () => tool?.hover(null), { signal });
    element.addEventListener('dblclick', (event) => tool ?? this.toggleFull(placeOf(event)), { signal });
    return () => end.abort();
  }

  private change(next: (looking: { view: Viewport; frame: Size; size: Size }) => Viewport): void {
    const { view, frame, size } = this.port.read();
    if (view && size) this.port.write(next({ view, frame, size }));
  }

  private middle(): Point {
    const { frame } = this.port.read();
    return { x: frame.width / 2, y: frame.height / 2 };
  }
}

/** Takes drags on an image to itself; places are those of the frame. */
export interface DragTool {
  hover(place: Point | null): void;
  begin(place: Point): void;
  extend(place: Point): void;
  end(): void;
  /** A second finger came: what was begun does not count. */
  drop(): void;
}

interface ListenOptions {
  /** Place of an event in the frame. */
  readonly placeOf: (event: MouseEvent) => Point;
  /** What a drag does while the whole image is on screen and there is nothing to move. */
  readonly onDragAtFit?: ((to: Point) => void) | undefined;
  readonly tool?: DragTool | null;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
