import { beforeEach, describe, expect, it } from 'vitest';
import type { RainEstimate } from '../../core/rain/estimateRain.ts';
import type { AdapterEvent, AdaptJob } from '../../protocol/adapter.ts';
import { adaptedTitle, adaptTo, cancelAdapting, discardAdapted, keepAdapted, rainWords } from './adapting.ts';
import type { Adapting, AdaptPorts } from './adapting.ts';

const photo = { id: 'p1', name: 'street.jpg' };
const rain = { angle: 80, length: 20, width: 3 } as RainEstimate;
const file = new ArrayBuffer(8);
const adapted: readonly AdapterEvent[] = [
  { type: 'rainEstimated', rain },
  { type: 'adaptStepped', step: 5, share: 0.5 },
  { type: 'studentAdapted', steps: 9, file },
];

let history: Adapting[];
let jobs: Omit<AdaptJob, 'backend'>[];
let listed: string[];
let stored: string[];
let view: ReturnType<AdaptPorts['view']> & { model?: string };
let ports: AdaptPorts;
let news: readonly AdapterEvent[];

beforeEach(() => {
  history = [{ phase: 'idle' }];
  jobs = [];
  listed = [];
  stored = [];
  view = { show: 'result', compare: 'original', mode: 'single' };
  news = adapted;
  ports = {
    get: () => history.at(-1)!,
    set: (state) => void history.push(state),
    rainMap: async () => ({ data: new Float32Array(3), width: 1, height: 1 }),
    modelFile: async () => new Blob(['student']),
    cleanImages: async () => [new Blob(['clean'])],
    adapt: async (job, onEvents) => {
      jobs.push(job);
      for (const event of news) onEvents([event]);
    },
    stop: async () => {},
    list: async (title) => ({ id: `file:${listed.push(title)}` }),
    unlist: async () => void listed.pop(),
    store: async (title, _file, name, base) => ({ id: `mine:${stored.push(`${title}, ${name}, ${base}`)}` }),
    view: () => view,
    changeView: (change) => void (view = { ...view, ...change }),
  };
});

const now = (): Adapting => ports.get();
const adapt = (): Promise<void> => adaptTo(ports, photo, 'shipped:broad', 90);

describe('adapting to a photo', () => {
  it('follows the work, then shows the old and the new student beside each other', async () => {
    await adapt();
    expect(jobs).toMatchObject([{ seconds: 90, clean: [{ size: 5 }] }]);
    const shares = history.map((state) => (state.phase === 'working' ? state.share : state.phase));
    expect(shares).toEqual(['idle', null, 0, 0.5, 'offered']);
    expect(now()).toMatchObject({ phase: 'offered', base: 'shipped:broad', candidate: 'file:1' });
    expect(listed).toEqual(['Adapted to street']);
    expect(view).toEqual({ show: 'file:1', compare: 'shipped:broad', mode: 'split' });
  });

  it('keeps the new student under the photo’s name and uses it', async () => {
    await adapt();
    await keepAdapted(ports);
    expect(stored).toEqual(['Adapted to street, street.jpg, shipped:broad']);
    expect(view).toEqual({ show: 'result', compare: 'original', mode: 'single', model: 'mine:1' });
    expect([now().phase, listed]).toEqual(['idle', []]);
  });

  it('discards it and shows what was shown before', async () => {
    await adapt();
    await discardAdapted(ports);
    expect(view).toEqual({ show: 'result', compare: 'original', mode: 'single' });
    expect([now().phase, listed, stored]).toEqual(['idle', [], []]);
  });

  it('goes on offering it when the storage is full, and keeps it once there is room', async () => {
    const { store } = ports;
    await adapt();
    ports = { ...ports, store: async () => ({ reason: 'No room.', hint: 'Delete something.' }) };
    await keepAdapted(ports);
    expect(now()).toMatchObject({ phase: 'offered', isKeeping: false, error: { reason: 'No room.' } });
    expect(view.model).toBeUndefined();
    ports = { ...ports, store };
    await keepAdapted(ports);
    expect(view.model).toBe('mine:1');
  });

  it('says that a photo without rain is refused, and a later try begins anew', async () => {
    news = [{ type: 'adaptRefused', reason: 'No rain was found in this photo.', hint: 'Nothing to learn.' }];
    await adapt();
    expect(now()).toMatchObject({ phase: 'ended', isRefused: true, error: { hint: 'Nothing to learn.' } });
    expect(view.show).toBe('result');
    news = adapted;
    await adapt();
    expect(now().phase).toBe('offered');
  });

  it('says what went wrong, whoever found it', async () => {
    const failures: Partial<AdaptPorts>[] = [
      { modelFile: async () => ({ reason: 'There is no such student.', hint: 'Choose another.' }) },
      { rainMap: async () => ({ reason: 'The photo was removed.', hint: 'Add it again.' }) },
      { list: async () => ({ reason: 'This file holds no model.', hint: 'Again.' }) },
      { adapt: async () => Promise.reject(new Error('The worker died.')) },
      { adapt: async () => {} },
    ];
    for (const failure of failures) {
      await adaptTo({ ...ports, ...failure }, photo, 'shipped:broad', 90);
      expect(now()).toMatchObject({ phase: 'ended', isRefused: false });
    }
    const reasons = history.flatMap((state) => (state.phase === 'ended' ? [state.error.reason] : []));
    expect(new Set(reasons).size).toBe(failures.length);
  });

  it('ends when cancelled, while the rain is looked for and while the student learns', async () => {
    const waiting = adapt();
    await cancelAdapting(ports);
    await waiting;
    expect([now().phase, jobs]).toEqual(['idle', []]);
    let stopped = false;
    ports = {
      ...ports,
      stop: async () => void (stopped = true),
      adapt: async (_job, onEvents) => {
        await cancelAdapting(ports);
        onEvents([{ type: 'adaptStopped' }]);
      },
    };
    await adapt();
    expect([now().phase, stopped]).toEqual(['idle', true]);
  });

  it('is not begun twice, nor over a student that waits for a decision', async () => {
    await Promise.all([adapt(), adapt()]);
    await adapt();
    expect(jobs).toHaveLength(1);
  });
});

it('names a student after the photo, without folder and ending', () => {
  expect(adaptedTitle('rain/IMG_1.final.JPG')).toBe('Adapted to IMG_1.final');
  expect(adaptedTitle('.jpg')).toBe('Adapted to a photo');
});

it('tells what rain was found, and which way its streaks lean', () => {
  const rain = {
    angle: 91,
    length: 60.4,
    width: 0.6,
    density: 1,
    strength: 0.1,
    direction: 9,
    confidence: 1,
    mean: 0.1,
  };
  expect(rainWords(rain)).toBe('Streaks about 60 × 1 pixels, falling straight.');
  expect(rainWords({ ...rain, angle: 75 })).toContain('leaning 15° to the right');
  expect(rainWords({ ...rain, angle: 100 })).toContain('leaning 10° to the left');
});
