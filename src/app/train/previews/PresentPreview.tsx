import { useMemo } from 'react';
import type { Pixels } from '../../../core/images/pixels.ts';
import type { Previewed, PreviewSample } from '../../../core/training/events.ts';
import { Present } from '../../present/Present.tsx';
import type { Slide } from '../../present/Present.tsx';
import { formatCount, formatDb } from '../../ui/format.ts';
import { Layer } from '../../zoom/layer.ts';
import { useLooking } from '../run/shownPreview.ts';
import { imageLabels, imagesOf } from './previewImages.ts';

export interface PresentPreviewProps {
  readonly preview: Previewed;
  readonly sample: PreviewSample;
  /** Of the sample. */
  readonly name: string;
  readonly onClose: () => void;
}

const shown = ['rainy', 'rainMap', 'teacher', 'student'] as const;

/** One crop on the whole screen: rainy, rain map, teacher, student, as training goes on; left and right go through the crops. */
export function PresentPreview({ preview, sample, name, onClose }: PresentPreviewProps) {
  const { step, samples } = preview;
  const slides = useMemo(
    () =>
      shown.map((image): Slide => {
        const { pixels, psnr } = imagesOf(sample).find((entry) => entry.name === image)!;
        const layer = layerOf(pixels);
        const figures = [image === 'rainy' && `step ${formatCount(step)}`, psnr !== null && formatDb(psnr)];
        return {
          key: image,
          caption: imageLabels[image].title,
          detail: figures.filter(Boolean).join(' · '),
          layer: () => layer,
          gain: 1,
          pending: false,
        };
      }),
    [sample, step],
  );
  const move = (by: -1 | 1): void => {
    const next = samples[(samples.indexOf(sample) + by + samples.length) % samples.length];
    if (next) useLooking.setState({ crop: next.label });
  };
  return <Present title={name} size={sample.rainy} slides={slides} onMove={move} onClose={onClose} watch={watch} />;
}

/** What changes comes as other slides. */
const watch = (): (() => void) => () => undefined;

/** An image whole, in one tile; small enough to be left to the garbage collector. */
function layerOf({ data, width, height }: Pixels): Layer {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  const layer = new Layer({ width, height }, 'srgb');
  layer.add({ rect: { left: 0, top: 0, width, height }, bitmap: canvas.transferToImageBitmap() });
  return layer;
}
