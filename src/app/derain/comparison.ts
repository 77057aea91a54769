import { proxy } from 'comlink';
import type { DerainEvent } from '../../../workers/protocol.ts';
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

let latest: symbol | null = null;

/**
 * Lays what the result is compared with on the stage: rain map, truth, or another model's answer. The original is always
 * there. False when the worker would have to find the rain first.
 */
export async function showComparison(): Promise<boolean> {
  const token = Symbol('comparison');
  latest = token;
  const photo = currentPhoto(useDesk.getState());
  const { compare } = deskSettings();
  const wanted = (): boolean => latest === token;
  if (!photo?.size || photo.state !== 'done' || compare === 'original') stageLayers.remove('compare');
  else if (compare === 'rainMap') return (await showRainMap(photo, photo.size)) || !wanted();
  else if (compare === 'truth') await showTruth(photo, photo.size);
  else await showOther(photo, photo.size, compare, wanted);
  return true;
}

async function showRainMap(photo: DeskPhoto, size: Size): Promise<boolean> {
  const model = chosenModel();
  if (!model) return true;
  if (!stageLayers.get('compare')) stageLayers.begin('compare');
  const layer = { kind: 'rainMap', gain: deskSettings().gain } as const;
  return ask((api) => api.compose(photo.id, model, layer, visibleRect(size), proxy(tilesFor(photo.id, 'compare'))));
}

async function showTruth({ id, truth }: DeskPhoto, size: Size): Promise<void> {
  if (!truth) return stageLayers.remove('compare');
  const bitmap = await createImageBitmap(truth).catch(() => null);
  if (!bitmap) return stageLayers.remove('compare');
  if (bitmap.width !== size.width || bitmap.height !== size.height) {
    bitmap.close();
    return stageLayers.remove('compare');
  }
  stageLayers.begin('compare');
  tilesFor(id, 'compare')([{ rect: { left: 0, top: 0, ...size }, bitmap }]);
}

/** Another model's answer, kept by the worker or worked out now. */
async function showOther(photo: DeskPhoto, size: Size, model: string, wanted: () => boolean): Promise<void> {
  const ready = await prepareModel(model);
  if (ready.refused || !wanted()) return ready.refused ? stageLayers.remove('compare') : undefined;
  stageLayers.begin('compare');
  const layer = { kind: 'derained', strength: deskSettings().strength / 100 } as const;
  const found = await ask((api) => api.compose(photo.id, model, layer, visibleRect(size), proxy(tilesFor(photo.id, 'compare'))));
  if (found || !wanted()) return;
  useDesk.setState({ comparing: 0 });
  await inTurn(async () => {
    if (!wanted()) return;
    await ask((api) => api.derain(jobFor(photo.id, model, size), proxy((events: readonly DerainEvent[]) => events.forEach((event) => applyOther(photo.id, event)))));
  });
  if (wanted()) useDesk.setState({ comparing: null });
}

function applyOther(id: string, event: DerainEvent): void {
  if (event.type !== 'tileDerained') return;
  tilesFor(id, 'compare')([event.tile]);
  useDesk.setState(({ comparing }) => ({ comparing: comparing === null ? null : event.share }));
}
