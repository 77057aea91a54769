import type { Layer } from './layer.ts';
import type { Size, Viewport } from './viewport.ts';

/** What lies on the stage. With a `before`, the layers share the frame. */
export interface Scene {
  readonly after: Layer;
  readonly before: Layer | null;
  /** 'split': before to the left of the divider; 'sides': each in its own half, moved alike; 'single': `after` alone. */
  readonly mode: StageMode;
  /** Place of the divider, share of the frame's width. */
  readonly divider: number;
}

export type StageMode = 'split' | 'sides' | 'single';

/** Draws the scene. `view` maps the picture onto one frame (a half of the canvas in 'sides'), in CSS pixels. */
export function drawStage(
  context: CanvasRenderingContext2D,
  scene: Scene | null,
  view: Viewport | null,
  frame: Size,
  ratio: number,
): void {
  const { canvas } = context;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!scene || !view) return;
  const device: Viewport = { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio };
  const whole = { width: Math.round(frame.width * ratio), height: Math.round(frame.height * ratio) };
  const { after, before, mode, divider } = scene;
  if (!before || mode === 'single') {
    after.draw(context, device, whole);
  } else if (mode === 'split') {
    const edge = Math.round(whole.width * divider);
    clipped(context, 0, edge, () => before.draw(context, device, whole));
    clipped(context, edge, whole.width - edge, () => after.draw(context, device, whole));
  } else {
    const second = canvas.width - whole.width;
    clipped(context, 0, whole.width, () => before.draw(context, device, whole));
    clipped(context, second, whole.width, () =>
      after.draw(context, { ...device, x: device.x + second }, { ...whole, width: canvas.width }),
    );
  }
}

function clipped(context: CanvasRenderingContext2D, left: number, width: number, draw: () => void): void {
  if (width <= 0) return;
  context.save();
  context.beginPath();
  context.rect(left, 0, width, context.canvas.height);
  context.clip();
  draw();
  context.restore();
}
