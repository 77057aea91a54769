import type { BackendName, BackendReport } from './backendReport.ts';

/** What the backends are called. */
const LABELS: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  wasm: 'CPU · WASM',
  webgl: 'WebGL',
  cpu: 'CPU · plain JavaScript',
};

const MAKERS: Readonly<Record<string, string>> = {
  amd: 'AMD',
  apple: 'Apple',
  arm: 'Arm',
  google: 'Google',
  'img-tec': 'Imagination',
  intel: 'Intel',
  nvidia: 'NVIDIA',
  qualcomm: 'Qualcomm',
  samsung: 'Samsung',
};

/** What is computing, for people: 'WebGPU · Apple metal-3', 'CPU · WASM, 8 threads, SIMD', 'CPU · plain JavaScript'. */
export function describeBackend({ backend, description }: Pick<BackendReport, 'backend' | 'description'>): string {
  if (description === '') return LABELS[backend];
  return `${LABELS[backend]}${backend === 'wasm' ? ', ' : ' · '}${description}`;
}

/** The `description` of a WebGPU backend: 'SwiftShader (software)', 'NVIDIA ampere, half precision'. */
export function describeAdapter(name: string, { software = false, half = false }): string {
  return `${name}${software ? ' (software)' : ''}${half ? ', half precision' : ''}`;
}

/** The `description` of a WASM backend: '1 thread, SIMD', '8 threads, relaxed SIMD'; without SIMD's kind before it is known. */
export function describeThreads(threads: number, simd?: 'SIMD' | 'relaxed SIMD'): string {
  return [`${threads} ${threads === 1 ? 'thread' : 'threads'}`, simd].filter(Boolean).join(', ');
}

type NamedInfo = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'description' | 'device'>;

/** The most telling name among what an adapter reveals, which is often only maker and architecture. */
export function adapterName({ vendor, architecture, description, device }: NamedInfo): string {
  if (architecture === 'swiftshader') return 'SwiftShader';
  if (description) return description;
  const maker = MAKERS[vendor] ?? vendor;
  return [maker, architecture || device].filter(Boolean).join(' ') || 'unnamed adapter';
}
