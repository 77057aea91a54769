import { adapterName } from '../../core/backend/description.ts';
import { isSoftwareAdapter } from '../../core/ops/webgpu/softwareAdapter.ts';

/** What WebGPU says of the adapter it would use. */
export interface AdapterFacts {
  /** E.g. 'Apple metal-3', 'NVIDIA ampere', 'SwiftShader'. */
  readonly name: string;
  /** A processor imitating a graphics adapter: far slower than WASM on the same machine. */
  readonly software: boolean;
  /** Bytes. */
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxWorkgroupStorage: number;
  readonly maxInvocationsPerWorkgroup: number;
  readonly halfPrecision: boolean;
  readonly subgroups: boolean;
}

/** 'unsupported': the browser has no WebGPU. 'none': it has, but offers no adapter (blocked driver, virtual machine). */
export type AdapterReading =
  { readonly state: 'reading' | 'unsupported' | 'none' } | { readonly state: 'found'; readonly facts: AdapterFacts };

/** Asks for an adapter as the workers would; creates no device. */
export async function readAdapter(gpu: GPU | undefined): Promise<AdapterReading> {
  if (!gpu) return { state: 'unsupported' };
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return { state: 'none' };
  const { info, limits, features } = adapter;
  return {
    state: 'found',
    facts: {
      name: adapterName(info),
      software: isSoftwareAdapter(info),
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxWorkgroupStorage: limits.maxComputeWorkgroupStorageSize,
      maxInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      halfPrecision: features.has('shader-f16'),
      subgroups: features.has('subgroups'),
    },
  };
}
