import { useEffect, useRef } from 'react';
import type { Pixels } from '../../core/images/pixels.ts';

export interface PixelCanvasProps {
  readonly pixels: Pixels;
  /** What it shows, for screen readers; empty where words beside it say so. */
  readonly label: string;
  readonly className?: string | undefined;
}

/** An image from pixels. */
export function PixelCanvas({ pixels, label, className }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const image = new ImageData(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height);
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      width={pixels.width}
      height={pixels.height}
      className={className}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  );
}
