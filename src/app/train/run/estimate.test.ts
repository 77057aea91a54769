import { expect, it } from 'vitest';
import { expectedStepMs, usualPace } from '../../../core/training/pace.ts';
import type { AdapterReading } from '../../device/adapter.ts';
import { expectedBackend, wordsOfEstimate } from './estimate.ts';

const wasm = { backend: 'wasm', software: false, threads: 2 } as const;
const quick = 7.2e9;

it('a step of more operations takes as much longer, beside what no network changes', () => {
  const pace = { operations: 1e9, stepMs: 112 };
  expect(expectedStepMs(1e9, pace)).toBeCloseTo(112);
  expect(expectedStepMs(10e9, pace)).toBeCloseTo(1012);
  expect(expectedStepMs(30e9, usualPace(wasm))).toBeCloseTo(1012);
  expect(usualPace({ ...wasm, threads: 64 }).operations).toBe(usualPace({ ...wasm, threads: 8 }).operations);
});

it('is a guess before anything was timed here, and says so; by the last run afterwards', () => {
  expect(wordsOfEstimate({ operations: quick, steps: 3000, pace: null, backend: wasm })).toBe(
    'Roughly 12\u00a0min for 3,000 steps; more precise after a few steps.',
  );
  const pace = { operations: quick, stepMs: 100 };
  expect(wordsOfEstimate({ operations: quick, steps: 1, pace, backend: wasm })).toBe('About 0\u00a0s for 1 step.');
  expect(wordsOfEstimate({ operations: quick, steps: 3000, pace, backend: wasm })).toBe(
    'About 5\u00a0min for 3,000 steps.',
  );
});

it('tells of immense networks that one step alone takes minutes', () => {
  expect(wordsOfEstimate({ operations: 6e12, steps: 48_600, pace: null, backend: wasm })).toMatch(
    /^Roughly \d+\u00a0d \d+\u00a0h for 48,600 steps; .* One step alone takes 3\u00a0min 20\u00a0s\.$/,
  );
});

it('expects what the workers would choose, and believes what one has reported', () => {
  const found = (software: boolean): AdapterReading => ({ state: 'found', facts: { software } as never });
  const backendOf = (adapter: AdapterReading, choice: 'auto' | 'webgpu' | 'wasm' | 'webgl' = 'auto'): string =>
    expectedBackend({ report: null, adapter, choice, threads: 4 }).backend;
  expect(backendOf(found(false))).toBe('webgpu');
  expect(backendOf(found(false), 'wasm')).toBe('wasm');
  expect(backendOf(found(true))).toBe('wasm');
  expect(backendOf(found(true), 'webgpu')).toBe('webgpu');
  expect(backendOf({ state: 'none' }, 'webgpu')).toBe('wasm');
  expect(backendOf({ state: 'none' }, 'webgl')).toBe('webgl');
  const report = { backend: 'cpu', description: '', software: false, threads: 1, fellBack: null } as const;
  expect(expectedBackend({ report, adapter: found(false), choice: 'auto', threads: 4 }).backend).toBe('cpu');
});
