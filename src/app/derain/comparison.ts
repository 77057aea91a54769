import { proxy } from 'comlink';
import type { DerainEvent } from '../../protocol/derainer.ts';
import { chosenModel, deskSettings, jobFor } from './chosen.ts';
import { ask } from './derainer.ts';
import { currentPhoto, useDesk } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import { prepareModel } from './modelShelf.ts';
import { stageLayers } from './stage/stageLayers.ts';
import type { Size } from './stage/viewport.ts';
import { visibleRect } from './stage/stageView.ts';
import { tilesFor } from './stageTiles.ts';
import { inTurn } from './turns.ts';

/** The two places of what is not the result: to the left of it, or in its stead. */
export type Side = 'compare' | 'shown';

const latest: Record<Side, symbol | null> = { compare: null, shown: null };

/**
 * Lays what is looked at beside the result, or in its stead, on the stage: rain map, truth, or another model's answer. The
 * original and the result are always there. False when the worker would have to find the rain first.
 */
export async function showComparison(): Promise<boolean> {
  const { compare, show } = deskSettings();
  const found = await Promise.all([lay('compare', compare), lay('shown', show)]);
  return found.every(Boolean);
}

async function lay(side: Side, what: string): Promise<boolean> {
  const token = Symbol(side);
  latest[side] = token;
  const photo = currentPhoto(useDesk.getState());
  const wanted = (): boolean => latest[side] === token;
  if (!photo?.size || photo.state !== 'done' || what === 'original' || what === 'result') stageLayers.remove(side);
  else if (what === 'rainMap') return (await layRainMap(side, photo, photo.size)) || !wanted();
  else if (what === 'truth') await layTruth(side, photo, photo.size);
  else await layOther(side, photo, photo.size, what, wanted);
  return true;
}

async function layRainMap(side: Side, photo: DeskPhoto, size: Size): Promise<boolean> {
  const model = chosenModel();
  if (!model) return true;
  if (!stageLayers.get(side)) stageLayers.begin(side);
  const layer = { kind: 'rainMap', gain: deskSettings().gain } as const;
  return ask((api) => api.compose(photo.id, model, layer, visibleRect(size), proxy(tilesFor(photo.id, side))));
}

async function layTruth(side: Side, { id, truth }: DeskPhoto, size: Size): Promise<void> {
  if (!truth) return stageLayers.remove(side);
  const bitmap = await createImageBitmap(truth).catch(() => null);
  if (!bitmap) return stageLayers.remove(side);
  if (bitmap.width !== size.width || bitmap.height !== size.height) {
    bitmap.close();
    return stageLayers.remove(side);
  }
  stageLayers.begin(side);
  tilesFor(id, side)([{ rect: { left: 0, top: 0, ...size }, bitmap }]);
}

/** Another model's answer, kept by the worker or worked out now. */
async function layOther(side: Side, photo: DeskPhoto, size: Size, model: string, wanted: () => boolean): Promise<void> {
  const ready = await prepareModel(model);
  if (ready.refused || !wanted()) return ready.refused ? stageLayers.remove(side) : undefined;
  stageLayers.begin(side);
  const layer = { kind: 'derained', strength: deskSettings().strength / 100 } as const;
  const found = await ask((api) =>
    api.compose(photo.id, model, layer, visibleRect(size), proxy(tilesFor(photo.id, side))),
  );
  if (found || !wanted()) return;
  useDesk.setState({ comparing: 0 });
  await inTurn(async () => {
    if (!wanted()) return;
    const hear = (events: readonly DerainEvent[]): void => events.forEach((event) => applyOther(side, photo.id, event));
    await ask((api) => api.derain(jobFor(photo.id, model, size), proxy(hear)));
  });
  if (wanted()) useDesk.setState({ comparing: null });
}

function applyOther(side: Side, id: string, event: DerainEvent): void {
  if (event.type !== 'tileDerained') return;
  tilesFor(id, side)([event.tile]);
  useDesk.setState(({ comparing }) => ({ comparing: comparing === null ? null : event.share }));
}
