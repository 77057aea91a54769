import { beforeEach, describe, expect, it } from 'vitest';
import type { EvaluationRow } from '../../../protocol/derainer.ts';
import { reduce } from './reduce.ts';
import type { CompareEffect, CompareEvent } from './reduce.ts';
import { cellOf, emptyComparison, progressOf } from './state.ts';
import type { CompareState, ComparedImage } from './state.ts';

const file = new Blob(['image']);
const [output, rainMap, truth] = [new Blob(['output']), new Blob(['map']), new Blob(['truth'])];
const row: EvaluationRow = {
  name: 'psnrY',
  label: 'PSNR-Y',
  unit: 'dB',
  digits: 2,
  higherIsBetter: true,
  of: 'image',
  channels: 'y',
  value: 30,
};
const error = { reason: 'It is too large.', hint: 'Take a smaller one.' };

let state: CompareState;
let effects: readonly CompareEffect[];

beforeEach(() => {
  state = emptyComparison;
});

function tell(event: CompareEvent): void {
  ({ state, effects } = reduce(state, event));
}

const image = (id: string): ComparedImage => ({
  id,
  name: `${id}.png`,
  file,
  truth: null,
  size: { width: 30, height: 20 },
  thumbnail: null,
});
const add = (...ids: readonly string[]): void => tell({ type: 'imagesAdded', images: ids.map(image) });
const choose = (...models: readonly string[]): void => tell({ type: 'modelsChosen', models });

const run = (): number => state.task!.run;
/** The task under way, as 'derain a swift'. */
const doing = (): string | null => state.task && [state.task.kind, state.task.image, state.task.model].join(' ');
const derained = (): void => tell({ type: 'derained', run: run(), ms: 500, output, rainMap });
const evaluated = (): void => tell({ type: 'evaluated', run: run(), rows: [row] });

describe('comparing', () => {
  it('derains each image by each derainer, one after another, and measures each as soon as it is there', () => {
    add('a', 'b');
    choose('swift', 'fine');
    const done: (string | null)[] = [];
    for (; state.task;) {
      done.push(doing());
      if (state.task.kind === 'derain') derained();
      else evaluated();
    }
    expect(done).toEqual([
      'evaluate a ', // The image was there before a derainer was chosen.
      'derain a swift',
      'evaluate a swift',
      'derain a fine',
      'evaluate a fine',
      'derain b swift',
      'evaluate b swift',
      'derain b fine',
      'evaluate b fine',
      'evaluate b ',
    ]);
    expect(progressOf(state)).toEqual({ total: 4, done: 4, failed: 0 });
    expect(cellOf(state, 'b', 'fine')).toMatchObject({ status: 'done', ms: 500, output, rows: [row] });
  });

  it('goes on with the image that is looked at', () => {
    choose('swift');
    add('a', 'b', 'c');
    tell({ type: 'imageFocused', id: 'c' });
    derained();
    expect(doing()).toBe('derain c swift');
    derained();
    evaluated();
    expect(doing()).toBe('evaluate c ');
  });

  it('tells how far it is, never backwards, and only of the run under way', () => {
    choose('swift');
    add('a');
    tell({ type: 'progressed', run: run(), share: 0.5, msLeft: 100 });
    tell({ type: 'progressed', run: run(), share: 0.4, msLeft: 90 });
    tell({ type: 'progressed', run: run() - 1, share: 0.9, msLeft: 1 });
    expect(cellOf(state, 'a', 'swift')).toMatchObject({ status: 'running', share: 0.5, msLeft: 90 });
  });

  it('takes six derainers at most, each once', () => {
    choose('1', '2', '2', '3', '4', '5', '6', '7');
    expect(state.models).toEqual(['1', '2', '3', '4', '5', '6']);
  });
});

describe('stopping', () => {
  beforeEach(() => {
    choose('swift', 'fine');
    add('a');
  });

  it('ends the run under way, begins nothing, keeps what is there, and resumes', () => {
    derained();
    evaluated();
    tell({ type: 'stopped' });
    expect(effects).toEqual([{ type: 'cancelDerain' }]);
    tell({ type: 'derainStopped', run: run() });
    expect(doing()).toBeNull();
    expect(cellOf(state, 'a', 'swift').status).toBe('done');
    tell({ type: 'resumed' });
    expect(doing()).toBe('derain a fine');
  });

  it('ends the run of a derainer that is chosen no longer, once', () => {
    choose('fine');
    expect(effects).toEqual([{ type: 'cancelDerain' }]);
    tell({ type: 'progressed', run: run(), share: 0.5, msLeft: 1 });
    expect(effects).toEqual([]);
    tell({ type: 'derainStopped', run: run() });
    expect(doing()).toBe('derain a fine');
  });

  it('still takes a result that came before the stop was heard', () => {
    tell({ type: 'stopped' });
    derained();
    expect(doing()).toBe('evaluate a swift');
    evaluated();
    expect(doing()).toBeNull();
  });

  it('forgets nothing of a derainer that is chosen again', () => {
    derained();
    evaluated();
    choose('fine');
    choose('fine', 'swift');
    expect(cellOf(state, 'a', 'swift').status).toBe('done');
  });
});

describe('errors', () => {
  beforeEach(() => {
    choose('huge', 'swift');
    add('a');
  });

  it('of one derainer leaves the others alone, and it can be tried again', () => {
    tell({ type: 'derainFailed', run: run(), error });
    expect(cellOf(state, 'a', 'huge')).toMatchObject({ status: 'failed', error });
    expect(doing()).toBe('derain a swift');
    derained();
    evaluated();
    evaluated();
    expect(state.task).toBeNull();
    tell({ type: 'cellRetried', image: 'a', model: 'huge' });
    expect(doing()).toBe('derain a huge');
  });

  it('in the file of a photo passes it over, and leaves the other photos alone', () => {
    add('b');
    tell({ type: 'imageUnreadable', id: 'a', error });
    expect(effects).toEqual([{ type: 'cancelDerain' }]);
    tell({ type: 'derainStopped', run: run() });
    const done: (string | null)[] = [];
    for (; state.task;) {
      done.push(doing());
      if (state.task.kind === 'derain') derained();
      else evaluated();
    }
    expect(done.map((task) => task!.split(' ')[1])).toEqual(['b', 'b', 'b', 'b', 'b']);
    expect(progressOf(state)).toEqual({ total: 4, done: 2, failed: 2 });
    expect(state.unreadable['a']).toBe(error);
  });

  it('in the file of a photo that can be read after all is forgotten with what failed on it', () => {
    tell({ type: 'derainFailed', run: run(), error });
    tell({ type: 'imageUnreadable', id: 'a', error });
    tell({ type: 'derainStopped', run: run() });
    expect(state.task).toBeNull();
    tell({ type: 'thumbnailMade', id: 'a', thumbnail: file });
    expect(doing()).toBe('derain a huge');
    expect(state.unreadable).toEqual({});
  });

  it('with the figures leaves the image standing', () => {
    derained();
    tell({ type: 'evaluationFailed', run: run(), error });
    expect(cellOf(state, 'a', 'huge')).toMatchObject({ status: 'done', output, rows: [], error });
  });
});

describe('a ground truth', () => {
  it('that comes later is measured against without another run of a network', () => {
    choose('swift');
    add('a', 'b');
    for (; state.task;) {
      if (state.task.kind === 'derain') derained();
      else evaluated();
    }
    tell({ type: 'truthGiven', id: 'a', truth });
    expect(effects).toEqual([
      expect.objectContaining({ type: 'evaluate', model: 'swift', output, image: expect.objectContaining({ truth }) }),
    ]);
    evaluated();
    expect(doing()).toBe('evaluate a ');
    evaluated();
    expect(state.task).toBeNull();
  });

  it('takes the place of one that is measured against just now', () => {
    choose('swift');
    add('a');
    derained();
    const old = run();
    tell({ type: 'truthGiven', id: 'a', truth });
    expect(doing()).toBe('evaluate a swift');
    tell({ type: 'evaluated', run: old, rows: [] });
    expect(cellOf(state, 'a', 'swift').status).toBe('measuring');
  });

  it('is measured by a new metric everywhere', () => {
    choose('swift');
    add('a', 'b');
    for (; state.task;) {
      if (state.task.kind === 'derain') derained();
      else evaluated();
    }
    tell({ type: 'metricsChanged' });
    let count = 0;
    for (; state.task; count++) evaluated();
    expect(count).toBe(4);
  });
});

describe('taking an image away', () => {
  it('ends its run, shows its neighbour, and can be undone with all that was found', () => {
    choose('swift');
    add('a', 'b', 'c');
    derained();
    evaluated();
    evaluated();
    expect(doing()).toBe('derain b swift');
    tell({ type: 'imageFocused', id: 'b' });
    tell({ type: 'imageRemoved', id: 'b' });
    expect(state.currentId).toBe('c');
    expect(effects).toContainEqual({ type: 'cancelDerain' });
    tell({ type: 'derainStopped', run: run() });
    tell({ type: 'imageRemoved', id: 'a' });
    expect(effects).toEqual([{ type: 'offerUndo', image: image('a'), at: 0 }]);
    tell({ type: 'imageReturned', image: image('a'), at: 0 });
    expect(state.images.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(state.currentId).toBe('a');
    expect(cellOf(state, 'a', 'swift').status).toBe('done');
  });
});
