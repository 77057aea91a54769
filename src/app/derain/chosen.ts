import type { DerainJob } from '../../protocol/derainer.ts';
import type { Point } from '../../core/inference/tiles.ts';
import { useBackendChoice } from '../device/backendChoice.ts';
import { replaceSettings, useRoute } from '../routing/route.ts';
import { readDeskSettings, writeDeskSettings } from './deskSettings.ts';
import type { DeskSettings } from './deskSettings.ts';
import { meantModel, useDesk } from './deskStore.ts';
import type { Size } from './stage/viewport.ts';
import { visibleRect } from './stage/stageView.ts';

/** What the tensors of one tile may take, bytes. */
export const TILE_BYTES = 400e6;

/** The settings in the address. */
export function deskSettings(): DeskSettings {
  return readDeskSettings(useRoute.getState().settings.derain);
}

export function useDeskSettings(): DeskSettings {
  return readDeskSettings(useRoute((route) => route.settings.derain));
}

export function changeSettings(change: Partial<DeskSettings>): void {
  replaceSettings('derain', writeDeskSettings(change));
}

/** Id of the model that is meant now; null when there is none. */
export function chosenModel(): string | null {
  return meantModel(useDesk.getState().models, deskSettings().model)?.id ?? null;
}

/** A run over a photo with the present settings, beginning where the person looks. */
export function jobFor(photo: string, model: string, size: Size): DerainJob {
  const { strength, best } = deskSettings();
  return {
    photo,
    model,
    backend: useBackendChoice.getState().choice,
    strength: strength / 100,
    ensemble: best,
    focus: useDesk.getState().currentId === photo ? lookedAt(size) : { x: size.width / 2, y: size.height / 2 },
    memoryBytes: TILE_BYTES,
  };
}

/** The middle of what the stage shows of a photo. */
export function lookedAt(size: Size): Point {
  const { left, top, width, height } = visibleRect(size);
  return { x: left + width / 2, y: top + height / 2 };
}
