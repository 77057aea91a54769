import type { DataId, TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/**
 * A compute shader of ours. Bindings of group 0: the inputs, then the outputs, then one uniform block `p` of i32 or f32.
 * `key` names the source completely: two shaders with one key are one pipeline. The source itself is written only for
 * a new one, since a training step records hundreds of runs, and writing them would take a third of its time on the processor.
 */
export interface Shader {
  readonly key: string;
  wgsl(): string;
}

/** One run of a shader. `work` is its cost in floating-point operations, for splitting submissions. */
export interface Run {
  readonly shader: Shader;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly constants: Int32Array | Float32Array;
  readonly workgroups: number;
  readonly work: number;
}

/** The part of tfjs' command recording that its types keep private; pinned with the version of tfjs. */
interface Recorder {
  readonly device: GPUDevice;
  readonly bufferManager: { acquireBuffer(size: number, usage: number): GPUBuffer };
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GPUBuffer[];
  readonly tensorMap: { get(id: DataId): { resource?: GPUBuffer } };
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(id: DataId): void;
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** What we keep per backend; it goes with the backend when a device is lost. */
interface Kept {
  readonly pipelines: Map<string, Pipeline>;
  readonly constants: Map<string, GPUBuffer>;
  pendingWork: number;
  mostWork: number;
}

const kept = new WeakMap<object, Kept>();

function keptBy(backend: object): Kept {
  let mine = kept.get(backend);
  if (!mine) {
    mine = { pipelines: new Map(), constants: new Map(), pendingWork: 0, mostWork: CAUTIOUS_WORK };
    kept.set(backend, mine);
  }
  return mine;
}

/** Commands are handed to the device at the latest after so many dispatches … */
const DISPATCHES_PER_SUBMISSION = 64;
/** … or so many floating-point operations, until `limitSubmissions` knows better: a second or two on a software adapter. */
const CAUTIOUS_WORK = 2e9;

/** Sets how many floating-point operations are submitted at most at a time; a single run may be no larger either. */
export function limitSubmissions(backend: WebGPUBackend, work: number): void {
  keptBy(backend).mostWork = Math.max(1e8, work);
}

/** The most floating-point operations that one run should have. */
export function mostWork(backend: WebGPUBackend): number {
  return keptBy(backend).mostWork;
}

/** Records one run behind everything recorded so far. Inputs on the CPU are uploaded, outputs allocated. */
export function record(backend: WebGPUBackend, run: Run): void {
  const recorder = backend as unknown as Recorder;
  const mine = keptBy(backend);
  const tensors = [...run.inputs, ...run.outputs];
  for (const tensor of tensors) {
    assertFits(recorder.device, tensor);
    recorder.uploadToGPU(tensor.dataId);
    recorder.commandQueueOwnedIds.add(tensor.dataId);
  }
  const { pipeline, layout } = pipelineOf(recorder.device, mine, run.shader);
  const buffers = tensors.map((tensor) => recorder.tensorMap.get(tensor.dataId).resource!);
  buffers.push(constantsOf(recorder, mine, run));
  const group = recorder.device.createBindGroup({
    layout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  recorder.ensureCommandEncoderReady();
  recorder.computePassEncoder ??= recorder.commandEncoder!.beginComputePass();
  recorder.computePassEncoder.setPipeline(pipeline);
  recorder.computePassEncoder.setBindGroup(0, group);
  recorder.computePassEncoder.dispatchWorkgroups(...grid(recorder.device, run.workgroups));
  submitInTime(recorder, mine, run.work);
}

function submitInTime(recorder: Recorder, mine: Kept, work: number): void {
  recorder.dispatchCountInPass++;
  mine.pendingWork += work;
  if (recorder.dispatchCountInPass >= DISPATCHES_PER_SUBMISSION || mine.pendingWork >= mine.mostWork) {
    recorder.endComputePassEncoder();
    recorder.submitQueue();
    mine.pendingWork = 0;
  }
}

function pipelineOf(device: GPUDevice, mine: Kept, shader: Shader): Pipeline {
  const known = mine.pipelines.get(shader.key);
  if (known) return known;
  const module = device.createShaderModule({ code: shader.wgsl(), label: shader.key });
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    label: shader.key,
    compute: { module, entryPoint: 'main' },
  });
  const made = { pipeline, layout: pipeline.getBindGroupLayout(0) };
  mine.pipelines.set(shader.key, made);
  return made;
}

/**
 * The uniform buffer of a run. Whole numbers (shapes) recur and are kept for good; other numbers (rates) change with
 * every step, so that only the latest are kept, by shader.
 */
function constantsOf(recorder: Recorder, mine: Kept, { shader, constants }: Run): GPUBuffer {
  const content = constants.join();
  const isShape = constants instanceof Int32Array;
  const slot = isShape ? content : `${shader.key}:${content}`;
  const known = mine.constants.get(slot);
  if (known) return known;
  if (!isShape) {
    for (const [other, buffer] of mine.constants) {
      if (!other.startsWith(`${shader.key}:`)) continue;
      mine.constants.delete(other);
      recorder.uniformPendingDisposal.push(buffer);
    }
  }
  const size = Math.ceil(constants.byteLength / 16) * 16;
  const buffer = recorder.bufferManager.acquireBuffer(size, GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM);
  recorder.device.queue.writeBuffer(buffer, 0, constants as Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>);
  mine.constants.set(slot, buffer);
  return buffer;
}

/** Workgroups in a row, folded into a plane when there are more than the device takes in one direction. */
function grid(device: GPUDevice, workgroups: number): [number, number] {
  const most = device.limits.maxComputeWorkgroupsPerDimension;
  if (workgroups <= most) return [workgroups, 1];
  const rows = Math.ceil(workgroups / most);
  return [Math.ceil(workgroups / rows), rows];
}

/** Throws Error where a buffer exceeds the device's limits; the device itself would answer with wrong numbers. */
function assertFits(device: GPUDevice, tensor: TensorInfo): void {
  const bytes = 4 * tensor.shape.reduce((a, b) => a * b, 1);
  const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  if (bytes > most) {
    throw new Error(
      `A tensor [${tensor.shape}] of ${bytes} bytes exceeds the ${most} bytes that this graphics device takes in one buffer; ` +
        'use a smaller batch, crop or tile.',
    );
  }
}
