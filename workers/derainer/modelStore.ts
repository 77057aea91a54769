import * as tf from '@tensorflow/tfjs';
import { createDerainer, selfEnsemble } from '../../src/core/inference/derainer.ts';
import type { BackendReport } from '../../src/core/backend/backendReport.ts';
import type { StringStore } from '../../src/core/ops/webgpu/autotune.ts';
import type { Derainer } from '../../src/core/inference/derainer.ts';
import {
  architectureNamed,
  describeNetwork,
  estimatesRain,
  parameterCount,
} from '../../src/core/architectures/registry.ts';
import { ModelFileError, shapesOf } from '../../src/core/weights/modelFile.ts';
import type { ModelFile } from '../../src/core/weights/modelFile.ts';
import { openModel } from '../../src/core/weights/openModel.ts';
import type { ModelSummary, UserError } from '../../src/protocol/derainer.ts';
import { isOnnx } from '../../src/core/weights/foreign/onnxHeader.ts';
import { ForeignFileError } from '../../src/core/weights/foreign/foreignFile.ts';
import type { DerainerHost } from './derainerHost.ts';
import { OnnxModels } from './onnxModels.ts';
import type { ReadyOnnx } from './onnxModels.ts';
import { userError } from './userError.ts';

/** A network that can be run, and how. */
export type ReadyModel = ReadyNetwork | (ReadyOnnx & { readonly msPerPixel: null });

/** One of ours, on the backend in use. */
interface ReadyNetwork {
  readonly network: Derainer;
  /** Milliseconds per pixel given to it; the same at every visit where the host remembers it. */
  readonly msPerPixel: number;
  /** Tiles are chosen by the speed. */
  readonly tile: null;
}

/** Side of the square on which a network's speed is measured, pixels. */
const PROBE_SIDE = 96;

/** The loaded models by id; their weights lie on the backend only once they are used there. */
export class ModelStore {
  private readonly files = new Map<string, ModelFile>();
  private readonly ready = new Map<string, ReadyNetwork>();
  private readonly onnx: OnnxModels;

  /** `speeds` remembers how fast a network is on this device. */
  constructor(
    openOnnx: DerainerHost['openOnnx'],
    private readonly speeds?: StringStore,
  ) {
    this.onnx = new OnnxModels(openOnnx);
  }

  async load(id: string, file: Blob): Promise<ModelSummary | UserError> {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const summary = isOnnx(bytes) ? this.onnx.load(id, file, bytes) : null;
      const model = summary ? null : openModel([bytes]);
      this.ready.get(id)?.network.dispose();
      this.ready.delete(id);
      if (model) this.onnx.forget(id);
      if (model) this.files.set(id, model);
      else this.files.delete(id);
      return summary ?? summaryOf(model!);
    } catch (error) {
      if (!(error instanceof ModelFileError || error instanceof ForeignFileError)) throw error;
      return userError(error.reason, error.hint);
    }
  }

  has(id: string): boolean {
    return this.files.has(id) || this.onnx.has(id);
  }

  /** Ends what a model computes that cannot hear of it. */
  interrupt(id: string): void {
    if (this.onnx.has(id)) this.onnx.close();
  }

  /** The model on the backend in use. With `ensemble`, as the mean of its eight outputs; not an ONNX model, which may prescribe its sides. */
  async use(id: string, ensemble: boolean, report: BackendReport): Promise<ReadyModel> {
    if (this.onnx.has(id)) return { ...(await this.onnx.use(id)), msPerPixel: null };
    const file = this.files.get(id);
    if (!file) throw new Error(`No model was loaded as ${id}.`);
    let entry = this.ready.get(id);
    if (!entry) {
      const network = createDerainer(file);
      entry = { network, msPerPixel: await this.speedOf(network, file, report), tile: null };
      this.ready.set(id, entry);
    }
    if (!ensemble) return entry;
    return { ...entry, network: selfEnsemble(entry.network), msPerPixel: entry.msPerPixel * 8 };
  }

  /**
   * Measured once on a device and then remembered: tiles are cut by it, and a sum of floats depends on where its tile lies by as
   * much as one level in a few pixels of a photo. So a photo that is done again has the same bytes.
   */
  private async speedOf(network: Derainer, file: ModelFile, { backend, description }: BackendReport): Promise<number> {
    const key = `speed of ${JSON.stringify(shapesOf(file))} on ${backend}, ${description}`;
    const remembered = Number(await this.speeds?.get(key));
    if (remembered > 0 && Number.isFinite(remembered)) return remembered;
    const measured = (await squareMs(network, PROBE_SIDE)) / PROBE_SIDE ** 2;
    await this.speeds?.set(key, String(measured));
    return measured;
  }

  /** Before another backend takes over: the weights leave this one. With `lost`, they went with their device. */
  leaveBackend(lost: boolean): void {
    if (!lost) for (const { network } of this.ready.values()) network.dispose();
    this.ready.clear();
  }
}

/** Milliseconds for a square; the first run, which compiles shaders and warms caches up, does not count. */
export async function squareMs(network: Derainer, side: number): Promise<number> {
  const x = tf.zeros([1, side, side, 3]) as tf.Tensor4D;
  let elapsed = 0;
  try {
    for (let i = 0; i < 2; i++) {
      const started = performance.now();
      const { y, z } = network.derain(x);
      await y.data();
      elapsed = performance.now() - started;
      tf.dispose(z ? [y, z] : y);
    }
  } finally {
    x.dispose();
  }
  return elapsed;
}

function summaryOf(model: ModelFile): ModelSummary {
  const shapes = shapesOf(model);
  return {
    refused: false,
    role: model.role,
    parameters: shapes.reduce((sum, shape) => sum + parameterCount(shape), 0),
    multiplyAdds: shapes.reduce((sum, shape) => sum + architectureNamed(shape.architecture).multiplyAdds(shape), 0),
    ...(shapes.some(estimatesRain) && { estimatesRain: true }),
    size: [...new Set(shapes.map(describeNetwork))].join(' and '),
    provenance: model.provenance,
  };
}
