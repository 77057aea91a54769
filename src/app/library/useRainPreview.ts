import { useEffect, useRef, useState, type RefObject } from 'react';
import type { RainRecipe } from '../../core/rain/streaks.ts';
import type { RainLayerShown } from '../../protocol/library.ts';
import { previewRain } from './workers.ts';

/** The part of an image that is shown, pixels. */
export const PREVIEW_WIDTH = 840;
export const PREVIEW_HEIGHT = 600;

interface Wish {
  readonly image: string;
  readonly recipe: RainRecipe;
  readonly shown: RainLayerShown;
}

/**
 * Draws an image in the rain into a canvas, and again whenever something changes. While one drawing is on its way only the latest
 * wish is remembered, so a dragged slider never lags behind. True when it failed.
 */
export function useRainPreview(
  canvas: RefObject<HTMLCanvasElement | null>,
  image: string,
  recipe: RainRecipe,
  shown: RainLayerShown,
): boolean {
  const wish = useRef<Wish | null>(null);
  const busy = useRef(false);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    wish.current = { image, recipe, shown };
    if (busy.current) return;
    busy.current = true;
    void (async () => {
      while (wish.current) {
        const { image, recipe, shown } = wish.current;
        wish.current = null;
        try {
          const bitmap = await previewRain(image, recipe, shown, PREVIEW_WIDTH, PREVIEW_HEIGHT);
          if (canvas.current) draw(canvas.current, bitmap);
          else bitmap.close();
          setFailed(false);
        } catch {
          setFailed(true);
        }
      }
      busy.current = false;
    })();
  }, [canvas, image, recipe, shown]);

  return failed;
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
}
