import { describe, expect, it } from 'vitest';
import type { AdapterFacts } from './adapter.ts';
import { describeMachine, type Machine } from './backendDescription.ts';

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
  cores: 8,
  threads: 8,
  report: null,
};
const software: Machine = {
  ...hardware,
  adapter: { state: 'found', facts: { ...facts, name: 'SwiftShader', software: true } },
};

describe('describeMachine', () => {
  it('names the graphics adapter when it is real', () => {
    expect(describeMachine(hardware)).toMatchObject({ short: 'WebGPU · Apple metal-3', tone: 'neutral' });
  });

  it('does not let auto pick a software adapter, and says so plainly when it is picked by hand', () => {
    expect(describeMachine(software).short).toBe('CPU · WASM, 8 threads');
    expect(describeMachine(software).long).toContain('software');
    expect(describeMachine({ ...software, choice: 'webgpu' })).toMatchObject({
      short: 'WebGPU · SwiftShader (software)',
      tone: 'warn',
    });
  });

  it('says when half precision was chosen, and when the adapter has none', () => {
    expect(describeMachine({ ...hardware, choice: 'webgpu-half' })).toMatchObject({
      short: 'WebGPU · Apple metal-3, half precision',
      tone: 'neutral',
    });
    const without: Machine = {
      ...hardware,
      choice: 'webgpu-half',
      adapter: { state: 'found', facts: { ...facts, halfPrecision: false } },
    };
    expect(describeMachine(without)).toMatchObject({ short: 'CPU · WASM, 8 threads', tone: 'warn' });
    expect(describeMachine(without).long).toContain('no half precision');
  });

  it('counts one thread where memory cannot be shared', () => {
    expect(describeMachine({ ...hardware, choice: 'wasm', threads: 1 }).short).toBe('CPU · WASM, 1 thread');
  });

  it('falls back to the processor, with the reason, where there is no adapter', () => {
    expect(describeMachine({ ...hardware, adapter: { state: 'unsupported' } }).long).toContain('no WebGPU');
    expect(describeMachine({ ...hardware, adapter: { state: 'none' }, choice: 'webgpu' })).toMatchObject({
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
    expect(describeMachine({ ...hardware, choice: 'webgpu', report })).toEqual({
      short: 'CPU · WASM, 2 threads, SIMD',
      long: 'The backend you chose could not be used: WebGPU lost its device.',
      tone: 'warn',
    });
  });

  it('says once that plain JavaScript computes', () => {
    const report = { backend: 'cpu', description: '', software: true, threads: 1, fellBack: 'No WASM.' } as const;
    expect(describeMachine({ ...hardware, report }).short).toBe('CPU · plain JavaScript');
  });

  it('warns of no choice where none was made', () => {
    const report = {
      backend: 'wasm',
      description: '2 threads, SIMD',
      software: false,
      threads: 2,
      fellBack: 'WebGPU has only a software adapter.',
    } as const;
    expect(describeMachine({ ...hardware, choice: 'auto', report })).toMatchObject({
      long: 'Best available here. WebGPU has only a software adapter.',
      tone: 'neutral',
    });
    expect(describeMachine({ ...hardware, choice: 'auto', report: { ...report, backend: 'webgl' } }).tone).toBe('warn');
  });
});
