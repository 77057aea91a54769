import { describe, expect, it } from 'vitest';
import type { EvaluationRow } from '../../../protocol/derainer.ts';
import type { Shown } from '../layers/cellLayers.ts';
import { cellKey, waitingCell } from '../run/state.ts';
import type { Cell, ComparedImage } from '../run/state.ts';
import type { ComparedModel } from '../session/useCompared.ts';
import { cellWords, differenceName } from './cellWords.ts';

const image: ComparedImage = {
  id: 'a',
  name: 'street.png',
  file: new Blob(),
  truth: null,
  size: { width: 1000, height: 1000 },
  thumbnail: null,
};
const swift: ComparedModel = { id: 'swift', title: 'Swift', role: 'student', parameters: 10, multiplyAdds: 20 };
const psnr: EvaluationRow = {
  name: 'psnrY',
  label: 'PSNR-Y',
  unit: 'dB',
  digits: 2,
  higherIsBetter: true,
  of: 'image',
  channels: 'y',
  value: 30,
};
const mapPsnr: EvaluationRow = { ...psnr, label: 'map PSNR-Y', of: 'rainMap', value: 25 };

function words(kind: 'output' | 'rainMap', change: Partial<Cell>, stopped = false) {
  const cells = { [cellKey('a', 'swift')]: { ...waitingCell, ...change } };
  return cellWords({ kind, model: 'swift' }, image, [swift], { cells, inputs: {}, unreadable: {}, stopped }, 'y');
}

describe('what stands with an image', () => {
  it('says what it lacks until it is whole', () => {
    expect(words('output', {}).pending).toBe('Waiting');
    expect(words('output', {}, true).pending).toBe('Stopped');
    expect(words('output', { status: 'running' }).pending).toBe('Computing …');
    expect(words('output', { status: 'running', share: 0.004 }).pending).toBe('Computing …');
    expect(words('rainMap', { status: 'running', share: 0.999 }).pending).toBe('Computing … 99\u00a0%');
    expect(words('output', { status: 'running', share: 1 }).pending).toBe('Writing the result …');
    expect(words('output', { status: 'measuring', ms: 10 })).toMatchObject({
      pending: null,
      lines: expect.arrayContaining(['Measuring …']),
    });
  });

  it('are its figures, those of a rain map its own', () => {
    const done = { status: 'done', ms: 2000, rows: [psnr, mapPsnr] } as const;
    expect(words('output', done).lines).toEqual([
      'PSNR-Y 30.00\u00a0dB',
      '10 parameters · 20 multiply-adds/pixel',
      '2.00\u00a0s · 2\u00a0s/MP',
    ]);
    expect(words('rainMap', done)).toMatchObject({ name: 'Rain map, Swift', lines: ['PSNR-Y 25.00\u00a0dB'] });
  });

  it('keep one room from the first moment to the last, dashes where figures will stand', () => {
    const unloaded = { ...swift, multiplyAdds: null };
    const loaded = { ...swift, multiplyAdds: 12 };
    const of = (kind: 'output' | 'rainMap', change: Partial<Cell>, photo: ComparedImage) => {
      const cells = { [cellKey('a', 'swift')]: { ...waitingCell, ...change } };
      const state = { cells, inputs: {}, unreadable: {}, stopped: false };
      return cellWords({ kind, model: 'swift' }, photo, [change.status ? loaded : unloaded], state, 'y');
    };
    const pair = { ...image, truth: new Blob() };
    const states: Partial<Cell>[] = [
      {},
      { status: 'running', share: 0.5 },
      { status: 'measuring', ms: 10 },
      { status: 'done', ms: 2000, rows: [psnr, mapPsnr] },
    ];
    const rooms = states.map((state) => of('output', state, pair).room);
    expect(rooms).toEqual(states.map(() => rooms[0]));
    for (const state of states) expect(rooms[0]!.length).toBeGreaterThanOrEqual(of('output', state, pair).lines.length);
    expect(of('output', {}, pair).lines[0]).toBe('PSNR-Y – · SSIM-Y – · NIQE –');
    expect(of('output', {}, image).lines[0]).toBe('NIQE –');
    expect(of('rainMap', {}, pair)).toMatchObject({ lines: ['PSNR-Y – · SSIM-Y –'], room: [expect.any(String)] });
    expect(of('rainMap', {}, image)).toMatchObject({ lines: [], room: [] });
  });

  it('tell why there is no image, or why there are no figures', () => {
    const error = { reason: 'It is too large.', hint: 'Take a smaller one.' };
    expect(words('output', { status: 'failed', error })).toMatchObject({
      error: 'It is too large. Take a smaller one.',
      pending: null,
    });
    expect(words('output', { status: 'done', rows: [], error }).lines).toContain('It is too large.');
  });

  it('tell why the photo itself cannot be read, and the ground truth stands', () => {
    const error = { reason: 'This PNG file is damaged.', hint: 'Copy or download it again.' };
    const state = { cells: {}, inputs: {}, unreadable: { a: error }, stopped: false };
    const of = (shown: Shown) => cellWords(shown, image, [swift], state, 'y');
    const nothing = { lines: [], room: [], pending: null, error: null };
    expect(of({ kind: 'original', model: null })).toEqual({
      ...nothing,
      name: 'Original',
      error: 'This PNG file is damaged. Copy or download it again.',
    });
    expect(of({ kind: 'rainMap', model: 'swift' })).toEqual({
      ...nothing,
      name: 'Rain map, Swift',
      pending: 'Not derained',
    });
    expect(of({ kind: 'truth', model: null })).toEqual({ ...nothing, name: 'Ground truth' });
  });

  it('names a difference as what it is', () => {
    expect(differenceName('Swift', 'truth', 4)).toBe('|Swift − ground truth| × 4');
    expect(differenceName('Swift', 'none', 4)).toBe('Swift');
  });
});
