import type { StepSize } from './steps.ts';

/** What one run of a suite is asked for. */
export interface SuiteRequest {
  readonly suite: 'webgpu' | 'wasm';
  readonly size: StepSize;
  /** Rounds of ours, stock, ours. */
  readonly rounds: number;
  /** Side of the image for inference. */
  readonly image: number;
  /** Also how cost grows over crop and filters. */
  readonly scaling: boolean;
  /** WebGPU kernels may hold tiles in half precision. */
  readonly half: boolean;
}

/** Speed of a kernel and its share of the adapter's own best dense matrix product. */
export interface KernelFigure {
  readonly gigaflops: number;
  readonly share: number;
}

export interface ScalingFigure {
  readonly crop: number;
  readonly filters: number;
  readonly milliseconds: number;
  readonly gigaflops: number;
}

export interface WebgpuFigures {
  readonly adapter: string;
  readonly variants: Readonly<Record<string, string>>;
  readonly matmulGigaflops: number;
  readonly kernels: Readonly<Record<'forward' | 'inputGrad' | 'filterGrad', KernelFigure>>;
  readonly stepMs: number;
  readonly stockStepMs: number;
  readonly stepRatio: number;
  readonly stepGflops: number;
  readonly dispatches: number;
  readonly stockDispatches: number;
  readonly peakBytes: number;
  readonly inferMs: number;
  readonly inferRatioStock: number;
  readonly scaling: readonly ScalingFigure[];
  /** A step at paper size: its dispatches in one part, and the bytes it allocates in so many equal parts. */
  readonly paper: { readonly dispatches: number; readonly microBatches: number; readonly bytes: number };
}

export interface WasmFigures {
  readonly threads: number;
  readonly stepMs: number;
  readonly stockWebglStepMs: number;
  readonly stepRatio: number;
  readonly stepGflops: number;
  readonly scaling: readonly ScalingFigure[];
  readonly inferMs: number;
  readonly inferGflops: number;
  readonly stockInferMs: number;
  readonly ortInferMs: number;
  /** Above 1: faster than onnxruntime-web on the same weights. */
  readonly inferRatioOrt: number;
  /** Greatest difference between our output and onnxruntime's. */
  readonly inferDifference: number;
}

/** What a suite says while it works, and at the end. */
export type SuiteNews =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'done'; readonly figures: WebgpuFigures | WasmFigures }
  | { readonly type: 'failed'; readonly message: string };
