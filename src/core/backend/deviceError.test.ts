import { globals } from 'webgpu';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { deviceErrorReason } from './deviceError.ts';

beforeAll(() => {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

it('says that memory is short rather than what a driver calls it', () => {
  const message =
    'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY\n - While calling [Device].CreateBuffer([BufferDescriptor]).';
  expect(deviceErrorReason(new GPUOutOfMemoryError(message))).toBe('It has no memory left.');
});

it('keeps the first line of any other error', () => {
  const message =
    '[Invalid Buffer (unlabeled)] is invalid due to a previous error.\n - While calling [Queue].WriteBuffer()';
  expect(deviceErrorReason(new GPUValidationError(message))).toBe(
    '[Invalid Buffer (unlabeled)] is invalid due to a previous error.',
  );
  expect(deviceErrorReason(new GPUInternalError(''))).toBe('It gave no reason.');
});
