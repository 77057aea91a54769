import { expect, it } from 'vitest';
import { groupModelFiles, isModelFile, modelTitle } from './modelFileNames.ts';

const named = (name: string): { name: string } => ({ name });

it('keeps the two files of a checkpoint together, whatever came between them', () => {
  const names = ['a.index', 'net.pth', 'b.data-00000-of-00001', 'a.data-00000-of-00001', 'net.pth', 'b.index'];
  expect(groupModelFiles(names.map(named)).map((group) => group.map(({ name }) => name))).toEqual([
    ['a.index', 'a.data-00000-of-00001'],
    ['net.pth'],
    ['b.data-00000-of-00001', 'b.index'],
    ['net.pth'],
  ]);
});

it('tells models from images', () => {
  expect(['x.PTH', 'a.index', 'm.mat', 'a.data-00000-of-00001', 'c.caffemodel', 'r.onnx'].every(isModelFile)).toBe(
    true,
  );
  expect(['x.png', 'index.jpg', 'pth', 'data.webp'].some(isModelFile)).toBe(false);
});

it('names a published file after its network, as so many have one name', () => {
  expect(modelTitle('net_latest.pth', 'PReNet')).toBe('PReNet · net_latest');
  expect(modelTitle('fine.safetensors', null)).toBe('fine');
  expect(modelTitle('model.index', 'Clear')).toBe('Clear · model');
});
