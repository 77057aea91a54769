import { describe, expect, it } from 'vitest';
import { isSoftwareAdapter } from './softwareAdapter.ts';

describe('isSoftwareAdapter', () => {
  it.each([
    [true, { isFallbackAdapter: true, architecture: '', description: '' }],
    [true, { isFallbackAdapter: false, architecture: 'swiftshader', description: '' }],
    [true, { isFallbackAdapter: false, architecture: '', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }],
    [false, { isFallbackAdapter: false, architecture: 'hopper', description: 'NVIDIA H200' }],
    [false, { isFallbackAdapter: false, architecture: 'metal-3', description: '' }],
  ])('is %s for %o', (software, info) => {
    expect(isSoftwareAdapter(info)).toBe(software);
  });
});
