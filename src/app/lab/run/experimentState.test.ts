import { expect, it } from 'vitest';
import { applyLabEvent, beforeAnyExperiment, progressOf } from './experimentState.ts';
import type { LabEvent } from '../../../protocol/runs.ts';

const after = (...events: readonly LabEvent[]) =>
  events.reduce((state, event) => applyLabEvent(state, event, 1000), beforeAnyExperiment);

it('counts steps of all runs, and tells the time left by the pace of this session', () => {
  const state = after(
    {
      type: 'planned',
      runs: [
        { key: 'a', step: 40 },
        { key: 'b', step: 20 },
      ],
    },
    { type: 'turnStarted', key: 'b' },
    { type: 'turnEnded', key: 'b', step: 40 },
  );
  expect(state.turn).toBeNull();
  expect(progressOf(state, 160, 3000)).toEqual({ share: 0.5, leftMs: 8000 });
  expect(progressOf(after({ type: 'planned', runs: [] }), 100, 3000)).toEqual({ share: 0, leftMs: null });
});

it('says why a run is out and how the experiment ended', () => {
  const failure = { type: 'failed', kind: 'image', reason: 'It is gone.', hint: 'Add it.' } as const;
  expect(after({ type: 'runEvent', key: 'a', event: failure }, { type: 'ended', reason: 'finished' })).toMatchObject({
    failure: { reason: 'It is gone.' },
    ended: 'finished',
  });
});
