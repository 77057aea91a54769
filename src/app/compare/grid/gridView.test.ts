import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cellLayers } from '../layers/cellLayers.ts';
import { gridControl, place, placeImage, useGridView } from './gridView.ts';

const frame = { width: 800, height: 600 };

beforeAll(() => void vi.stubGlobal('devicePixelRatio', 1));
afterAll(() => void vi.unstubAllGlobals());

function show(id: string, width: number, height: number): void {
  const none = (): null => null;
  cellLayers.show(id, {
    size: { width, height },
    original: new Blob(),
    truth: null,
    output: none,
    rainMap: none,
  });
  placeImage();
}

it('fits a photo of another size into the frame, and keeps the place of one of the same size', () => {
  show('a', 400, 300);
  place(frame);
  expect(useGridView.getState().view).toEqual({ scale: 2, x: 0, y: 0 });
  show('b', 1600, 1200);
  expect(useGridView.getState().view).toEqual({ scale: 0.5, x: 0, y: 0 });
  gridControl.key('+');
  const zoomed = useGridView.getState().view!;
  expect(zoomed.scale).toBeGreaterThan(0.5);
  show('c', 1600, 1200);
  expect(useGridView.getState().view).toEqual(zoomed);
});
