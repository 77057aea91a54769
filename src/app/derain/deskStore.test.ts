import { describe, expect, it } from 'vitest';
import {
  allWaiting,
  currentPhoto,
  emptyDesk,
  meantModel,
  newPhoto,
  nextWaiting,
  openedWaiting,
  withoutPhoto,
  withPhoto,
} from './deskStore.ts';
import type { DeskState, ModelChoice } from './deskStore.ts';

const desk = (...states: string[]): DeskState => ({
  ...emptyDesk,
  photos: states.map((state, i) => ({ ...newPhoto(`p${i}`, `${i}.jpg`, new Blob(), null), state: state as 'waiting' })),
  currentId: 'p0',
});

describe('the desk', () => {
  it('works on the photo that is looked at, then on the others in their order', () => {
    expect(nextWaiting({ ...desk('waiting', 'waiting', 'waiting'), currentId: 'p2' })?.id).toBe('p2');
    expect(nextWaiting({ ...desk('waiting', 'waiting', 'done'), currentId: 'p2' })?.id).toBe('p0');
    expect(nextWaiting(desk('done', 'refused'))).toBeNull();
    expect(nextWaiting({ ...desk('waiting'), paused: true })).toBeNull();
  });

  it('changes one photo, and nothing when it is gone', () => {
    const state = desk('waiting', 'waiting');
    expect(withPhoto(state, 'p1', { share: 0.5 }).photos.map(({ share }) => share)).toEqual([0, 0.5]);
    expect(withPhoto(state, 'gone', { share: 0.5 })).toBe(state);
  });

  it('moves on to a neighbour when the current photo is taken away', () => {
    const state = desk('done', 'done', 'done');
    expect(withoutPhoto({ ...state, currentId: 'p1' }, 'p1').currentId).toBe('p2');
    expect(withoutPhoto({ ...state, currentId: 'p2' }, 'p2').currentId).toBe('p1');
    expect(withoutPhoto({ ...state, currentId: 'p0' }, 'p2').currentId).toBe('p0');
    expect(currentPhoto(withoutPhoto(desk('done'), 'p0'))).toBeNull();
  });

  it('does all photos again for another model, except those that are no pictures', () => {
    expect(allWaiting(desk('done', 'refused', 'failed', 'cancelled')).photos.map(({ state }) => state)).toEqual([
      'waiting',
      'refused',
      'waiting',
      'waiting',
    ]);
  });
});

describe('openedWaiting', () => {
  it('gives their turn to those that had no model, and leaves what is done as it is', () => {
    expect(openedWaiting(desk('opened', 'done', 'cancelled')).photos.map(({ state }) => state)).toEqual([
      'waiting',
      'done',
      'cancelled',
    ]);
  });
});

describe('meantModel', () => {
  const model = (id: string, role: ModelChoice['role'] = 'student'): ModelChoice => ({
    id,
    title: id,
    role,
    parameters: 1,
    about: null,
    stored: null,
  });
  const models = [model('shipped:swift'), model('mine:1'), model('mine:t', 'teacher')];

  it('is the chosen one, or the first student', () => {
    expect(meantModel(models, 'mine:1')?.id).toBe('mine:1');
    expect(meantModel(models, 'mine:t')?.id).toBe('mine:t');
    expect(meantModel(models, 'mine:gone')?.id).toBe('shipped:swift');
    expect(meantModel([model('mine:t', 'teacher')], null)).toBeNull();
    expect(meantModel(null, 'mine:1')).toBeNull();
  });
});
