import { describe, expect, it } from 'vitest';
import type { AdapterFacts } from './adapter.ts';
import { describeBackend, nameOf, type Machine } from './backendDescription.ts';

const facts: AdapterFacts = {
  name: 'Apple metal-3',
  software: false,
  maxBufferSize: 2 ** 30,
  maxStorageBufferBindingSize: 2 ** 30,
  maxWorkgroupStorage: 32_768,
  maxInvocationsPerWorkgroup: 1024,
  halfPrecision: true,
  subgroups: true,
};
const hardware: Machine = {
  adapter: { state: 'found', facts },
  choice: 'auto',
  threads: 8,
  isolated: true,
  report: null,
};
const software: Machine = {
  ...hardware,
  adapter: { state: 'found', facts: { ...facts, name: 'SwiftShader', software: true } },
};

describe('describeBackend', () => {
  it('names the graphics adapter when it is real', () => {
    expect(describeBackend(hardware)).toMatchObject({ short: 'WebGPU · Apple metal-3', tone: 'neutral' });
  });

  it('does not let auto pick a software adapter, and says so plainly when it is picked by hand', () => {
    expect(describeBackend(software).short).toBe('CPU · WASM, 8 threads');
    expect(describeBackend(software).long).toContain('software');
    expect(describeBackend({ ...software, choice: 'webgpu' })).toMatchObject({
      short: 'WebGPU · software adapter',
      tone: 'warn',
    });
  });

  it('says when half precision was chosen, and when the adapter has none', () => {
    expect(describeBackend({ ...hardware, choice: 'webgpu-half' })).toMatchObject({
      short: 'WebGPU · Apple metal-3, half precision',
      tone: 'neutral',
    });
    const without: Machine = {
      ...hardware,
      choice: 'webgpu-half',
      adapter: { state: 'found', facts: { ...facts, halfPrecision: false } },
    };
    expect(describeBackend(without)).toMatchObject({ short: 'CPU · WASM, 8 threads', tone: 'warn' });
    expect(describeBackend(without).long).toContain('no half precision');
  });

  it('counts one thread where memory cannot be shared', () => {
    expect(describeBackend({ ...hardware, choice: 'wasm', isolated: false }).short).toBe('CPU · WASM, 1 thread');
  });

  it('falls back to the processor, with the reason, where there is no adapter', () => {
    expect(describeBackend({ ...hardware, adapter: { state: 'unsupported' } }).long).toContain('no WebGPU');
    expect(describeBackend({ ...hardware, adapter: { state: 'none' }, choice: 'webgpu' })).toMatchObject({
      short: 'CPU · WASM, 8 threads',
      tone: 'warn',
    });
  });

  it('believes the worker more than its own guess', () => {
    const report = {
      backend: 'wasm',
      description: '2 threads, SIMD',
      software: false,
      threads: 2,
      fellBack: 'WebGPU lost its device.',
    } as const;
    expect(describeBackend({ ...hardware, choice: 'webgpu', report })).toEqual({
      short: 'CPU · WASM, 2 threads, SIMD',
      long: 'The backend you chose could not be used: WebGPU lost its device.',
      tone: 'warn',
    });
  });

  it('names every backend once', () => {
    const report = { software: false, threads: 1, fellBack: null } as const;
    const named = [
      nameOf({ ...report, backend: 'webgpu', description: 'Apple metal-3' }),
      nameOf({ ...report, backend: 'webgl', description: 'WebGL' }),
      nameOf({ ...report, backend: 'cpu', description: 'plain JavaScript' }),
    ];
    expect(named).toEqual(['WebGPU · Apple metal-3', 'WebGL', 'CPU · plain JavaScript']);
  });

  it('warns of no choice where none was made', () => {
    const report = {
      backend: 'wasm',
      description: '2 threads, SIMD',
      software: false,
      threads: 2,
      fellBack: 'WebGPU has only a software adapter.',
    } as const;
    expect(describeBackend({ ...hardware, choice: 'auto', report })).toMatchObject({
      long: 'Best available here. WebGPU has only a software adapter.',
      tone: 'neutral',
    });
    expect(describeBackend({ ...hardware, choice: 'auto', report: { ...report, backend: 'webgl' } }).tone).toBe('warn');
  });
});
