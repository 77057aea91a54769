import { cropPixels, pastePixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import type { PixelSource, Tiled } from '../../src/core/inference/derain.ts';
import { packResidual, unpackResidual } from '../../src/core/inference/packedResidual.ts';
import type { PackedResidual } from '../../src/core/inference/packedResidual.ts';
import { protectionOf } from '../../src/core/inference/protection.ts';
import { applyResidual, applyResidual16, rainMapOf } from '../../src/core/inference/residual.ts';
import { intersection } from '../../src/core/inference/tiles.ts';
import type { Rect } from '../../src/core/inference/tiles.ts';
import type { DeepRows } from '../../src/browser/deepPng.ts';
import type { DeepBands, ImageBands } from '../../src/browser/pngWriter.ts';
import type { DerainedLayer, Layer } from '../../src/protocol/derainer.ts';

/** One tile of what a model found. */
export interface Finding {
  readonly residual: PackedResidual;
  /** z = F1(x), from a teacher. */
  readonly rainMap: PackedResidual | null;
}

/** Rows that are read at once where a whole photo is gone through. */
const STRIP_ROWS = 256;

export function findingOf({ residual, rainMap }: Pick<Tiled, 'residual' | 'rainMap'>): Finding {
  return { residual: packResidual(residual), rainMap: rainMap && packResidual(rainMap) };
}

/** The findings with those inside `region` first. */
export function nearestFirst(findings: readonly Finding[], region: Rect): Finding[] {
  const isNear = (finding: Finding): boolean => intersection(finding.residual.rect, region) !== null;
  return [...findings.filter(isNear), ...findings.filter((finding) => !isNear(finding))];
}

/** A layer's pixels in the rectangle of a finding, where the photo itself has the pixels `original`. */
export function layerPixels(original: Pixels, { residual, rainMap }: Finding, layer: Layer): Pixels {
  switch (layer.kind) {
    case 'derained':
      return applyResidual(
        original,
        unpackResidual(residual),
        layer.strength,
        protectionOf(layer.protection ?? [], residual.rect),
      );
    case 'rainMap':
      return rainMapOf(unpackResidual(rainMap ?? residual), layer.gain);
    default:
      return layer satisfies never;
  }
}

/** A whole layer, a row of tiles at a time; the photo itself where nothing was found. Opaque if the photo is. */
export function layerBands(
  photo: PixelSource,
  findings: readonly Finding[],
  layer: Layer,
  isOpaque: boolean,
): ImageBands {
  const { width, height } = photo;
  const cuts = bandEdges(findings, height);
  return {
    width,
    height,
    opaque: isOpaque || layer.kind === 'rainMap',
    async *bands() {
      for (const [i, top] of cuts.slice(0, -1).entries()) {
        const band: Rect = { left: 0, top, width, height: cuts[i + 1]! - top };
        const pixels = await photo.read(band);
        for (const finding of findings) {
          const { rect } = finding.residual;
          if (rect.top !== top || rect.height !== band.height) continue;
          const original = cropPixels(pixels, rect.left, 0, rect.width, rect.height);
          pastePixels(pixels, layerPixels(original, finding, layer), rect.left, 0);
        }
        yield pixels;
      }
    },
  };
}

/** The derained photo with the 16 bits a channel of its file. */
export function deepLayerBands(
  rows: DeepRows,
  findings: readonly Finding[],
  { strength, protection = [] }: Pick<DerainedLayer, 'strength' | 'protection'>,
): DeepBands {
  const { width, height, opaque } = rows;
  const edges = bandEdges(findings, height);
  return {
    width,
    height,
    opaque,
    async *deepBands() {
      for (const [i, top] of edges.slice(0, -1).entries()) {
        const band = await rows.read(edges[i + 1]! - top);
        for (const { residual } of findings) {
          const { rect } = residual;
          if (rect.top !== top || rect.height !== edges[i + 1]! - top) continue;
          const mask = protectionOf(protection, rect);
          applyResidual16(band, { width, left: rect.left }, unpackResidual(residual), strength, mask);
        }
        yield band;
      }
    },
  };
}

/** Where bands begin and end, so that each holds whole tiles; strips where there are none. */
function bandEdges(findings: readonly Finding[], height: number): number[] {
  if (findings.length === 0)
    return [...Array.from({ length: Math.ceil(height / STRIP_ROWS) }, (_, i) => i * STRIP_ROWS), height];
  const edges = findings.flatMap(({ residual: { rect } }) => [rect.top, rect.top + rect.height]);
  return [...new Set([0, ...edges, height])].sort((a, b) => a - b);
}

/** The photo as it is, a strip at a time. */
export function photoBands(photo: PixelSource, isOpaque: boolean): ImageBands {
  const { width, height } = photo;
  return {
    width,
    height,
    opaque: isOpaque,
    async *bands() {
      for (let top = 0; top < height; top += STRIP_ROWS)
        yield await photo.read({ left: 0, top, width, height: Math.min(STRIP_ROWS, height - top) });
    },
  };
}

/** All bands at once. */
export async function joinBands({ width, height, bands }: ImageBands): Promise<Pixels> {
  const data = new Uint8ClampedArray(width * height * 4);
  let at = 0;
  for await (const band of bands()) {
    data.set(band.data, at);
    at += band.data.length;
  }
  return { width, height, data };
}
