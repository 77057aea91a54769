import { createOnnxDerainer } from '../../src/core/inference/onnx/onnxDerainer.ts';
import { imageModelOf, usualAnswers } from '../../src/core/inference/onnx/onnxImageModel.ts';
import type { OnnxAnswers, OnnxImageModel } from '../../src/core/inference/onnx/onnxImageModel.ts';
import type { OnnxSession } from '../../src/core/inference/onnx/onnxRuntime.ts';
import { onnxOverlap, onnxTile } from '../../src/core/inference/onnx/onnxTiles.ts';
import type { OnnxTile } from '../../src/core/inference/onnx/onnxTiles.ts';
import type { AsyncDerainer } from '../../src/core/inference/derainer.ts';
import { readOnnxHeader } from '../../src/core/weights/foreign/onnxHeader.ts';
import type { ModelSummary } from '../../src/protocol/derainer.ts';

/** An ONNX model that can be run, and what it is given at once. */
export interface ReadyOnnx {
  readonly network: AsyncDerainer;
  readonly tile: OnnxTile;
}

interface OnnxFile {
  readonly file: Blob;
  readonly model: OnnxImageModel;
}

/** The loaded ONNX models by id. One at a time is open: a runtime with a large model takes gigabytes. */
export class OnnxModels {
  private readonly files = new Map<string, OnnxFile>();
  private open: { readonly id: string; readonly session: OnnxSession } | null = null;

  constructor(private readonly openSession: (bytes: Uint8Array) => Promise<OnnxSession>) {}

  /** Reads what the file says. Throws ForeignFileError. */
  load(id: string, file: Blob, bytes: Uint8Array): ModelSummary {
    const { parameters, opset, ...values } = readOnnxHeader(bytes);
    this.forget(id);
    this.files.set(id, { file, model: imageModelOf(values) });
    return {
      refused: false,
      role: 'student',
      format: 'onnx',
      parameters,
      size: `ONNX, opset ${opset}`,
      provenance: null,
    };
  }

  has(id: string): boolean {
    return this.files.has(id);
  }

  forget(id: string): void {
    this.files.delete(id);
    if (this.open?.id === id) this.close();
  }

  /** The model, opened. Rejects with ForeignFileError where the runtime refuses it. */
  async use(id: string): Promise<ReadyOnnx> {
    const { file, model } = this.files.get(id)!;
    if (this.open?.id !== id) {
      this.close();
      this.open = { id, session: await this.openSession(new Uint8Array(await file.arrayBuffer())) };
    }
    const tile = onnxTile(model);
    const network = createOnnxDerainer(this.open.session, model, {
      ...answersOf(model),
      overlap: onnxOverlap(model, tile),
    });
    const derain: AsyncDerainer['derain'] = (x) =>
      network.derain(x).catch((error: unknown) => {
        this.close(); // Its memory may be spent.
        throw error;
      });
    return { network: { ...network, derain }, tile };
  }

  /** Ends the open model, and with it what it computes: that rejects. */
  close(): void {
    void this.open?.session.release();
    this.open = null;
  }
}

/** What the file says, and what is usual where it does not. */
export function answersOf({ range, channels, multiple, tile }: OnnxImageModel): OnnxAnswers {
  return {
    range: range ?? usualAnswers.range,
    channels: channels ?? usualAnswers.channels,
    multiple: multiple ?? usualAnswers.multiple,
    tile: tile ?? usualAnswers.tile,
  };
}
