import { describe, expect, it } from 'vitest';
import { adapterName, describeAdapter, describeBackend, describeThreads } from './description.ts';

const info = { vendor: '', architecture: '', device: '', description: '' };

describe('adapterName', () => {
  it('prefers the description, then maker and architecture', () => {
    expect(adapterName({ ...info, vendor: 'nvidia', architecture: 'ampere', description: 'NVIDIA RTX A2000' })).toBe(
      'NVIDIA RTX A2000',
    );
    expect(adapterName({ ...info, vendor: 'apple', architecture: 'metal-3' })).toBe('Apple metal-3');
    expect(adapterName({ ...info, vendor: 'somebody', device: '0x12' })).toBe('somebody 0x12');
  });

  it('calls the software adapter by its name, and a silent one unnamed', () => {
    expect(
      adapterName({ ...info, vendor: 'google', architecture: 'swiftshader', description: 'Vulkan 1.3 whatever' }),
    ).toBe('SwiftShader');
    expect(adapterName(info)).toBe('unnamed adapter');
  });
});

describe('describeBackend', () => {
  it('says where the work is done and by what', () => {
    const adapter = describeAdapter('SwiftShader', { software: true, half: true });
    expect(describeBackend({ backend: 'webgpu', description: adapter })).toBe(
      'WebGPU · SwiftShader (software), half precision',
    );
    expect(describeBackend({ backend: 'wasm', description: describeThreads(1, 'SIMD') })).toBe(
      'CPU · WASM, 1 thread, SIMD',
    );
    expect(describeBackend({ backend: 'wasm', description: describeThreads(8) })).toBe('CPU · WASM, 8 threads');
  });

  it('adds nothing to a backend that needs no more words', () => {
    expect(describeBackend({ backend: 'webgl', description: '' })).toBe('WebGL');
    expect(describeBackend({ backend: 'cpu', description: '' })).toBe('CPU · plain JavaScript');
  });
});
