import type { SuiteRequest, WasmFigures, WebgpuFigures } from './protocol.ts';
import type { TorchFigures } from './torch.ts';

/** With --torch: how fast ours is beside PyTorch on the same processor; 1 is as fast. */
export type WasmReport = WasmFigures & { readonly torch?: TorchFigures; readonly stepRatioTorch?: number };

/** Everything the bench found. */
export interface BenchReport {
  readonly machine: string;
  readonly date: string;
  readonly size: SuiteRequest['size'];
  readonly webgpu?: Omit<WebgpuFigures, 'paper'>;
  readonly paper?: WebgpuFigures['paper'];
  readonly wasm?: WasmReport;
}
