import type { Draft, Purpose } from './effects.ts';
import { outputFormat } from '../../export/saveFormat.ts';
import { standingResult, visibleResult } from './resultFile.ts';
import { currentPhoto, resultLayer, setupOf, SIDES, withPhoto } from './state.ts';
import type { Photo } from './photo.ts';
import type { QueueState, Side, SideState } from './state.ts';

/** Changes what is known of a side. */
export function sideChanged(draft: Draft, side: Side, change: Partial<SideState>): void {
  const { sides } = draft.state;
  draft.state = { ...draft.state, sides: { ...sides, [side]: { ...sides[side], ...change } } };
}

/** Takes everything off the stage. */
export function clearStage(draft: Draft): void {
  const ticket = nextTicket(draft);
  draft.state = { ...draft.state, stage: { original: false, derained: 'none', ticket } };
  for (const side of SIDES) emptySide(draft, side, 'original');
  draft.effects.push({ type: 'clearStage' });
}

/** The current photo is on the stage: what was found on it is drawn. */
export function photoShown(draft: Draft): void {
  draft.state = { ...draft.state, stage: { ...draft.state.stage, original: true, derained: 'none' } };
  const photo = currentPhoto(draft.state);
  if (photo && ['working', 'done', 'cancelled', 'failed'].includes(photo.state)) recompose(draft, 'look');
}

/**
 * Draws the current result from what the worker found, as it is asked for now; no network runs. A strength that is
 * moved before the result has come to the stage is asked for like the result itself.
 */
export function recompose(draft: Draft, cause: Purpose): void {
  const photo = currentPhoto(draft.state);
  const { settings, stage } = draft.state;
  const model = photo && setupOf(settings, photo).model;
  if (!photo?.size || !model || !stage.original) return;
  if (cause === 'strength' && stage.derained === 'none') return;
  const purpose = stage.derained === 'asked' ? 'look' : cause;
  const ticket = nextTicket(draft);
  if (purpose === 'look') draft.effects.push({ type: 'beginLayer', layer: 'derained' });
  const derained = purpose === 'look' ? 'asked' : stage.derained;
  draft.state = { ...draft.state, stage: { ...stage, derained, ticket } };
  const { id, size } = photo;
  const layer = resultLayer(draft.state, photo);
  draft.effects.push({ type: 'composeResult', id, size, model, layer, ticket, purpose });
}

/** The worker's answer to `recompose`. True when the result was drawn anew, so that its figures changed. */
export function resultComposed(draft: Draft, ticket: number, purpose: Purpose, found: boolean): boolean {
  const photo = currentPhoto(draft.state);
  if (!photo || ticket !== draft.state.stage.ticket) return false;
  const isWorkers = found || photo.state === 'working'; // The run under way brings the rest of its tiles.
  if (isWorkers) draft.state = { ...draft.state, stage: { ...draft.state.stage, derained: 'worker' } };
  if (found) {
    if (purpose === 'look') layComparison(draft);
    return purpose === 'strength' && photo.state === 'done';
  }
  if (photo.state !== 'done') return false;
  if (purpose === 'strength') {
    if (draft.state.stage.derained === 'file') wait(draft, photo); // Its file is of one strength.
    return false;
  }
  const file = visibleResult(draft.state, photo);
  if (file && photo.size) draft.effects.push({ type: 'showResultFile', id: photo.id, size: photo.size, file, ticket });
  else wait(draft, photo);
  return false;
}

/** The kept file is on the stage, or cannot be shown. */
export function resultFileShown(draft: Draft, ticket: number, shown: boolean): void {
  const photo = currentPhoto(draft.state);
  if (ticket !== draft.state.stage.ticket || photo?.state !== 'done') return;
  if (!shown) return wait(draft, photo);
  draft.state = { ...draft.state, stage: { ...draft.state.stage, derained: 'file' } };
  layComparison(draft);
}

/** Lays what is looked at beside the result, or in its stead, on the stage. Original and result are always there. */
export function layComparison(draft: Draft): void {
  const { compare, show } = draft.state.settings;
  lay(draft, 'compare', compare);
  lay(draft, 'shown', show);
}

function lay(draft: Draft, side: Side, what: string): void {
  const photo = currentPhoto(draft.state);
  const before = draft.state.sides[side];
  const { original, derained } = draft.state.stage;
  const isEarly = !original || derained === 'asked'; // It is laid when the result has come.
  const isOther = what !== 'original' && what !== 'result' && !isEarly;
  if (!isOther || !photo?.size || photo.state !== 'done' || (what === 'truth' && !photo.truth))
    return emptySide(draft, side, what);
  if (what === 'saved') return laySaved(draft, side, photo);
  if (before.status === 'failed' && before.what === what) return; // Tried again when something else was looked at.
  const ticket = nextTicket(draft);
  const isSame = before.what === what && before.status !== 'none';
  // Brightness of the rain map changes tile by tile; anything else begins anew.
  if (what !== 'rainMap' || !isSame) draft.effects.push({ type: 'beginLayer', layer: side });
  const scores = isSame ? before.scores : null;
  sideChanged(draft, side, { what, status: 'composing', share: isSame ? before.share : 0, ticket, scores });
  draft.effects.push(request(draft.state, photo, side, what, ticket));
}

/** The result as its file shows it. A PNG shows the result itself; a file that is not written yet comes when it is. */
function laySaved(draft: Draft, side: Side, photo: Photo): void {
  const { state } = draft;
  if (outputFormat(state.settings.save, photo) === 'image/png') return emptySide(draft, side, 'saved');
  const file = standingResult(state, photo);
  const ticket = nextTicket(draft);
  if (state.sides[side].what !== 'saved') emptySide(draft, side, 'saved');
  sideChanged(draft, side, { what: 'saved', status: 'composing', share: 0, ticket });
  if (file) draft.effects.push({ type: 'showSaved', side, ticket, id: photo.id, size: photo.size!, file });
}

function request(state: QueueState, photo: Photo, side: Side, what: string, ticket: number): Draft['effects'][number] {
  const { gain } = state.settings;
  const { model } = setupOf(state.settings, photo);
  const { id, truth } = photo;
  const size = photo.size!;
  if (what === 'truth') return { type: 'showTruth', side, ticket, size, truth: truth! };
  if (what === 'rainMap')
    return { type: 'composeSide', side, ticket, id, size, model: model ?? '', layer: { kind: 'rainMap', gain } };
  return { type: 'composeSide', side, ticket, id, size, model: what, layer: resultLayer(state, photo) };
}

/** Asks for a model's figures against the ground truth, where it is known. */
export function score(draft: Draft, photo: Photo, model: string): void {
  const { id, truth } = photo;
  if (truth) draft.effects.push({ type: 'score', id, model, layer: resultLayer(draft.state, photo), truth });
}

/** A side stands on the stage whole. */
export function sideReady(draft: Draft, side: Side): void {
  sideChanged(draft, side, { status: 'ready', share: 1 });
  const photo = currentPhoto(draft.state);
  const { what } = draft.state.sides[side];
  if (photo && isModel(what)) score(draft, photo, what);
}

/** Whether a side shows another model's result. */
function isModel(what: string): boolean {
  return what.includes(':');
}

function emptySide(draft: Draft, side: Side, what: string): void {
  const hadLayer = draft.state.sides[side].status !== 'none';
  sideChanged(draft, side, { what, status: 'none', share: 0, ticket: nextTicket(draft), scores: null });
  if (hadLayer) draft.effects.push({ type: 'removeLayer', layer: side });
}

/** A side was drawn, or has to be computed first: another model by itself, a rain map by its photo's own run. */
export function sideComposed(draft: Draft, side: Side, ticket: number, found: boolean): void {
  const { what, ticket: latest } = draft.state.sides[side];
  const photo = currentPhoto(draft.state);
  if (ticket !== latest || !photo) return;
  if (found) sideReady(draft, side);
  else if (isModel(what)) sideChanged(draft, side, { status: 'queued' });
  else if (draft.state.stage.derained === 'file' && photo.state === 'done') wait(draft, photo);
  else sideChanged(draft, side, { status: 'failed' });
}

export function sideFailed(draft: Draft, side: Side, ticket: number): void {
  if (ticket !== draft.state.sides[side].ticket) return;
  sideChanged(draft, side, { status: 'failed' });
  draft.effects.push({ type: 'removeLayer', layer: side });
}

/** The photo is to be done once more; what lay beside its result goes with it. */
function wait(draft: Draft, { id }: Photo): void {
  draft.state = withPhoto(draft.state, id, { state: 'waiting', share: 0, msLeft: null });
  for (const side of SIDES) emptySide(draft, side, draft.state.sides[side].what);
}

function nextTicket(draft: Draft): number {
  draft.state = { ...draft.state, serial: draft.state.serial + 1 };
  return draft.state.serial;
}
