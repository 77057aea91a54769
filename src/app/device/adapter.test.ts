import { describe, expect, it } from 'vitest';
import { adapterName } from './adapter.ts';

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
