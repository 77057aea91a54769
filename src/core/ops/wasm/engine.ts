import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { DataId, TensorInfo } from '@tensorflow/tfjs';
import type { Tfjs } from './tfjsModule.ts';
import { webAssembly } from './webAssembly.ts';
import type { WasmMemory, WasmModule } from './webAssembly.ts';

/** What `assembly/index.ts` exports. Addresses and counts are 32-bit numbers. */
export interface KernelExports {
  readonly CONTROL_BYTES: { readonly value: number };
  conv3x3ScratchBytes(cin: number, cout: number, threads: number): number;
  conv3x3(
    control: number,
    scratch: number,
    x: number,
    w: number,
    b: number,
    skip: number,
    y: number,
    n: number,
    height: number,
    width: number,
    cin: number,
    cout: number,
    relu: number,
  ): void;
  conv3x3InputGrad(
    control: number,
    scratch: number,
    dy: number,
    w: number,
    y: number,
    dx: number,
    n: number,
    height: number,
    width: number,
    cin: number,
    cout: number,
  ): void;
  conv3x3FilterGradScratchBytes(
    n: number,
    height: number,
    width: number,
    cin: number,
    cout: number,
    threads: number,
  ): number;
  conv3x3FilterGrad(
    control: number,
    scratch: number,
    x: number,
    dy: number,
    y: number,
    dw: number,
    db: number,
    n: number,
    height: number,
    width: number,
    cin: number,
    cout: number,
  ): void;
  adamUpdate(
    control: number,
    w: number,
    gradient: number,
    m: number,
    v: number,
    average: number,
    newW: number,
    newM: number,
    newV: number,
    newAverage: number,
    size: number,
    beta1: number,
    beta2: number,
    rate: number,
    epsilon: number,
    correction1: number,
    correction2: number,
    averageDecay: number,
  ): void;
  copySlice(
    x: number,
    y: number,
    height: number,
    width: number,
    channels: number,
    n0: number,
    h0: number,
    w0: number,
    c0: number,
    n: number,
    h: number,
    w: number,
    c: number,
  ): void;
  copyColumns(x: number, y: number, rows: number, count: number, width: number): void;
  serve(control: number, thread: number): void;
  dismiss(control: number): void;
}

/** All that a helping thread needs; it can be posted to one. `thread` counts from 1. */
export interface ThreadStart {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly control: number;
  readonly thread: number;
}

/** A helping thread ended with work in its hands; what was computed with it is lost, and so is the engine. */
export class LostThreadError extends Error {
  override readonly name = 'LostThreadError';
  constructor() {
    super('A thread that was computing has ended, perhaps because memory ran out.');
  }
}

/** Where the control block holds the seconds of `patience`; see `assembly/pool.ts`. */
const LIMIT = 16;

/** Our kernels over the memory of one tfjs backend, and the room that they work in. */
export class WasmEngine {
  readonly kernels: KernelExports;
  readonly control: number;
  private scratch = 0;
  private scratchBytes = 0;
  private lost = false;

  /** `patience`: seconds without a sign of life after which a helping thread counts as ended. */
  constructor(
    private readonly backend: BackendWasm,
    private readonly tfjs: Tfjs,
    private readonly module: WasmModule,
    readonly threads: number,
    patience: number,
    private readonly onError: (reason: string) => void,
  ) {
    this.kernels = new webAssembly.Instance(module, { env: { memory: tfjs.memory } }).exports as KernelExports;
    const bytes = this.kernels.CONTROL_BYTES.value;
    this.control = this.allocate(bytes);
    new Uint8Array(tfjs.memory.buffer, this.control, bytes).fill(0);
    new Int32Array(tfjs.memory.buffer, this.control + LIMIT, 1)[0] = patience;
  }

  /** Runs kernels. Throws LostThreadError when a helping thread has ended in their midst, now or earlier. */
  run<Result>(compute: (engine: this) => Result): Result {
    if (this.lost) throw new LostThreadError();
    try {
      return compute(this);
    } catch (error) {
      if (!(error instanceof webAssembly.RuntimeError) || this.threads === 1) throw error;
      this.lost = true;
      const explained = new LostThreadError();
      this.onError(explained.message);
      throw explained;
    }
  }

  /** What helping thread number `thread` needs to start. */
  threadStart(thread: number): ThreadStart {
    return { module: this.module, memory: this.tfjs.memory, control: this.control, thread };
  }

  /** Room of at least `bytes` bytes, valid until the next call; its contents are arbitrary. */
  reserve(bytes: number): number {
    const needed = bytes >>> 0;
    if (needed > this.scratchBytes) {
      if (this.scratch !== 0) this.tfjs.free(this.scratch);
      this.scratchBytes = 0;
      this.scratch = this.allocate(needed);
      this.scratchBytes = needed;
    }
    return this.scratch;
  }

  /** Address of a tensor's numbers; 0 for no tensor. */
  addressOf(tensor: TensorInfo | undefined): number {
    return tensor ? this.backend.getMemoryOffset(tensor.dataId as DataId) : 0;
  }

  /** A new float32 tensor, not yet filled. */
  output(shape: number[]): TensorInfo {
    return this.backend.makeOutput(shape, 'float32');
  }

  /** Lets the helping threads end. The backend must not be used with this engine afterwards. */
  dismiss(): void {
    this.kernels.dismiss(this.control);
  }

  private allocate(bytes: number): number {
    const address = this.tfjs.malloc(bytes) >>> 0;
    if (address === 0) throw new Error(`WebAssembly memory is full: ${bytes} more bytes of working room were refused.`);
    return address;
  }
}
