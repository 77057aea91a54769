import { describe, expect, it } from 'vitest';
import { newPhoto } from '../queue/photo.ts';
import { emptyQueue } from '../queue/state.ts';
import type { Photo } from '../queue/photo.ts';
import type { SideState } from '../queue/state.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { ensembleHint, isPending, megapixels, resultLabel, sideLabel, formatState, setupWords } from './format.ts';

const photo: Photo = newPhoto('a', 'a.jpg', new Blob(), null);
const side = (change: Partial<SideState>): SideState => ({ ...emptyQueue.sides.compare, ...change });
const fine = { id: 'shipped:fine', title: 'Fine', role: 'student', parameters: 1, about: null, stored: null } as const;

it('tells the size of a photo', () => {
  expect(megapixels(800, 600)).toBe('0.5\u00a0MP');
  expect(megapixels(6000, 4000)).toBe('24\u00a0MP');
  expect([megapixels(210, 140), megapixels(9, 9)], 'never nothing').toEqual(['0.03\u00a0MP', '0.01\u00a0MP']);
});

it('tells what averaging costs, from what the photo itself took where that is known', () => {
  const size = { width: 1000, height: 1000 };
  expect(ensembleHint(null, false, 1e-3)).toBe('Averages eight passes; 8× slower.');
  expect(ensembleHint({ size, ms: null }, false, undefined)).toBe('Averages eight passes; 8× slower.');
  expect(ensembleHint({ size, ms: null }, false, 1e-3)).toBe(
    'Averages eight passes; takes about 8\u00a0s on this photo.',
  );
  expect(ensembleHint({ size, ms: 2500 }, false, 1e-3)).toBe(
    'Averages eight passes; takes about 20\u00a0s on this photo.',
  );
  expect(ensembleHint({ size, ms: 21_000 }, true, 1e-3)).toBe('Averages eight passes. Took 21\u00a0s.');
});

describe('how far a photo is', () => {
  it('is said in every state', () => {
    expect(formatState(photo)).toBe('Waiting');
    expect(formatState({ ...photo, state: 'opening' })).toBe('Opening …');
    expect(formatState({ ...photo, state: 'noModel' })).toBe('No student chosen');
    expect(formatState({ ...photo, state: 'working' })).toBe('Preparing …');
    expect(formatState({ ...photo, state: 'working', share: 0.428, msLeft: 12_300 })).toBe(
      '42\u00a0% · about 12\u00a0s left',
    );
    expect(formatState({ ...photo, state: 'done', ms: 2_340 })).toBe('Done in 2.3\u00a0s');
    expect(formatState({ ...photo, state: 'done' })).toBe('Done');
    expect(formatState({ ...photo, state: 'cancelled' })).toBe('Cancelled');
    expect(formatState({ ...photo, state: 'failed' })).toBe('Failed');
    expect(formatState({ ...photo, state: 'refused' })).toBe('Can’t open');
  });

  it('is never derained where next to nothing was found', () => {
    const little = { ...photo, state: 'done', ms: 2_340, residual: 0.1 } as const;
    expect(formatState(little)).toBe('Done in 2.3\u00a0s · little rain was found');
    expect(resultLabel(little, 100)).toBe('Little rain was found');
    expect(resultLabel({ ...little, residual: 3 }, 100)).toBe('Derained');
    expect(resultLabel({ ...little, residual: null }, 50), 'not measured').toBe('Derained, 50\u00a0%');
    expect(resultLabel({ ...little, residual: 3 }, 80, 'teacher')).toBe('Derained by the teacher, 80\u00a0%');
  });

  it('is never the result before it is one', () => {
    const states = ['waiting', 'opening', 'noModel', 'working', 'cancelled', 'failed', 'refused'] as const;
    const labels = states.map((state) => resultLabel({ ...photo, state, share: state === 'working' ? 0.4 : 0 }, 100));
    expect(labels).toEqual([
      'Waiting',
      'Computing …',
      'Original',
      'Computing … 40\u00a0%',
      'Original',
      'Original',
      'Original',
    ]);
    expect(resultLabel({ ...photo, state: 'cancelled', share: 0.31 }, 100)).toBe('Stopped at 31\u00a0%');
  });
});

describe('what lies at a side', () => {
  it('is named once it is there, and until then computed', () => {
    const what = fine.id;
    expect(sideLabel(side({}), 4, undefined)).toBe('Original');
    expect(sideLabel(side({ what, status: 'composing' }), 4, fine)).toBe('Computing Fine …');
    expect(sideLabel(side({ what, status: 'queued' }), 4, fine)).toBe('Computing Fine …');
    expect(sideLabel(side({ what, status: 'running', share: 0.88 }), 4, fine)).toBe('Computing Fine … 88\u00a0%');
    expect(sideLabel(side({ what, status: 'ready' }), 4, fine)).toBe('Fine');
    expect(sideLabel(side({ what: 'rainMap', status: 'ready' }), 4, undefined)).toBe('Rain map × 4');
    expect(sideLabel(side({ what: 'truth', status: 'ready' }), 4, undefined)).toBe('Ground truth');
  });

  it('is the original where it failed, and says so', () => {
    expect(sideLabel(side({ what: fine.id, status: 'failed' }), 4, fine)).toBe('Original (Fine failed)');
    expect(sideLabel(side({ what: 'truth', status: 'failed' }), 4, undefined)).toContain('another size');
  });

  it('is marked while parts of it are missing', () => {
    const states = ['none', 'composing', 'queued', 'running', 'ready', 'failed'] as const;
    expect(states.filter((status) => isPending(side({ status })))).toEqual(['composing', 'queued', 'running']);
  });
});

it('says in a few words what a photo is derained with', () => {
  const models = [{ id: 'shipped:swift', title: 'Swift' }] as unknown as readonly ModelChoice[];
  expect(setupWords({ model: 'shipped:swift', strength: 100, ensemble: false }, models)).toBe('Swift');
  expect(setupWords({ model: 'shipped:swift', strength: 80, ensemble: true }, models)).toBe('Swift · 80\u00a0% · best');
  expect(setupWords({ model: 'mine:1', strength: 100, ensemble: false }, models)).toBe('No student');
});
