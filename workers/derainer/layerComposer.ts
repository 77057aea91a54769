import type { Imaging } from '../../src/browser/photoImaging.ts';
import type { Rect } from '../../src/core/inference/tiles.ts';
import type { Layer, LayerTile } from '../../src/protocol/derainer.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import { layerPixels, nearestFirst } from './layers.ts';
import type { PhotoStore } from './photoStore.ts';

/** News waits this long for company, milliseconds. */
export const BATCH_MS = 40;

/** Draws what models found as other layers; a newer request for the same layer overtakes an older one. */
export class LayerComposer {
  private readonly newest = new Map<string, symbol>();

  constructor(
    private readonly photos: PhotoStore,
    private readonly imaging: Imaging,
    private readonly yieldToEventLoop: () => Promise<void>,
  ) {}

  /** Delivers a layer's tiles, those in `region` first. False when it was overtaken, or nothing was found yet. */
  async compose(
    id: string,
    model: string,
    layer: Layer,
    region: Rect,
    onTiles: (tiles: readonly LayerTile[]) => void | Promise<void>,
  ): Promise<boolean> {
    const channel = `${id} ${model} ${layer.kind}`;
    const token = Symbol(channel);
    this.newest.set(channel, token);
    const photo = this.photos.get(id);
    const findings = photo?.findingsOf(model);
    if (!photo || !findings) return false;
    const { image } = photo.decoded;
    const transferables = (tiles: readonly LayerTile[]): Transferable[] => tiles.map(({ bitmap }) => bitmap);
    const batcher = createEventBatcher(onTiles, { everyMs: BATCH_MS, transferables });
    await photo.using(async () => {
      for (const finding of nearestFirst(findings, region)) {
        const { rect } = finding.residual;
        const pixels = layerPixels(await image.read(rect), finding, layer);
        batcher.push({ rect, bitmap: await this.imaging.bitmapOf(pixels, photo.decoded) });
        await this.yieldToEventLoop();
        if (this.newest.get(channel) !== token) break;
      }
    });
    await batcher.drain();
    return this.newest.get(channel) === token;
  }
}
