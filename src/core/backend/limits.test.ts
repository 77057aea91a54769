import { describe, expect, it } from 'vitest';
import { stepMemory, usableThreads } from './limits.ts';

describe('usableThreads', () => {
  const isolated = { crossOriginIsolated: true, SharedArrayBuffer };

  it('takes the cores there are, up to eight', () => {
    expect([1, 2, 8, 64].map((cores) => usableThreads(cores, isolated))).toEqual([1, 2, 8, 8]);
  });

  it('is one where memory cannot be shared: not isolated, or isolated without the type, as in WebKitGTK', () => {
    expect(usableThreads(4, { crossOriginIsolated: false, SharedArrayBuffer })).toBe(1);
    expect(usableThreads(4, { crossOriginIsolated: true })).toBe(1);
    expect(usableThreads(4, {})).toBe(1);
  });
});

describe('stepMemory', () => {
  it('is half of the machine, at most 4 GB, and 4 GB where the machine does not tell', () => {
    expect(stepMemory(2e9, undefined)).toEqual({ bytes: 1e9, largestTensor: Infinity });
    expect(stepMemory(64e9, undefined).bytes).toBe(4e9);
    expect(stepMemory(undefined, undefined).bytes).toBe(4e9);
  });

  it('takes the tighter of a device’s two limits for one tensor', () => {
    expect(stepMemory(8e9, { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 27 }).largestTensor).toBe(
      2 ** 27,
    );
  });
});
