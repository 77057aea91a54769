import { describe, expect, it } from 'vitest';
import { readAdapter } from './adapter.ts';

describe('readAdapter in a browser', () => {
  it('finds the adapter these tests run on, and WebGPU’s guaranteed limits', async () => {
    const reading = await readAdapter(navigator.gpu);
    if (reading.state !== 'found') throw new Error(`no adapter: ${reading.state}`);
    expect(reading.facts.name).not.toBe('unnamed adapter');
    expect(reading.facts.software).toBe(reading.facts.name === 'SwiftShader');
    expect(reading.facts.maxBufferSize).toBeGreaterThanOrEqual(256 * 1024 * 1024);
    expect(reading.facts.maxInvocationsPerWorkgroup).toBeGreaterThanOrEqual(256);
  });

  it('says when the browser has no WebGPU', async () => {
    expect(await readAdapter(undefined)).toEqual({ state: 'unsupported' });
  });
});
