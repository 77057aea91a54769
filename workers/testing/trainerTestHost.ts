import type { ImageSource } from '../../src/core/data/imageSource.ts';
import { createPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { presets } from '../../src/core/training/config.ts';
import type { TrainingConfig } from '../../src/core/training/config.ts';
import type { Previewed } from '../../src/core/training/events.ts';
import type { RunLabel } from '../../src/core/training/runFile.ts';
import type { KeptRun, RunCurves, RunState, RunSummary } from '../../src/protocol/runs.ts';
import type { BestWeights, CheckpointSummary } from '../../src/protocol/trainer.ts';
import type { AdapterHost } from '../trainer/adapterApi.ts';
import type { CheckpointStorage, RunStorage, TrainerHost } from '../trainer/trainerHost.ts';
import { nodeImaging } from './nodeImaging.ts';
import { ToyBackend } from './toyBackend.ts';

/** Eight steps of the smallest networks. */
export const tinyConfig: TrainingConfig = {
  ...presets.quick,
  networks: { blocks: 1, filters: { f1: 3, f2: 3, f3: 3 }, imageSkip: true },
  run: { seed: 5, steps: 8, batch: 1, crop: 16, previewEvery: 4, validateEvery: 100, checkpointEvery: 2 },
  data: { ...presets.quick.data, heldOut: 1, validationCrop: 24 },
};

/** A config of so many steps, with a checkpoint every `checkpointEvery`. */
export function tinyRun(steps: number, checkpointEvery = 2): TrainingConfig {
  return { ...tinyConfig, run: { ...tinyConfig.run, steps, checkpointEvery } };
}

/** Six smooth images. */
export const sixImages: ImageSource = {
  clean: ['0', '1', '2', '3', '4', '5'],
  rainy: [],
  pairs: [],
  readClean: async (id) => smoothImage(Number(id)),
  readRainy: async (id) => Promise.reject(new Error(`There is no ${id}.`)),
  readPair: async (id) => Promise.reject(new Error(`There is no ${id}.`)),
};

function smoothImage(seed: number): Pixels {
  const random = randomFromSeed(seed);
  const image = createPixels(40, 32);
  const [a, b, c] = [random.between(0.05, 0.3), random.between(0.05, 0.3), random.between(60, 190)];
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 40; x++) {
      for (let k = 0; k < 3; k++) image.data[(y * 40 + x) * 4 + k] = c + 50 * Math.sin(a * x + k) * Math.cos(b * y);
    }
  }
  return image;
}

/** Checkpoints in memory. */
export class MemoryCheckpoints implements CheckpointStorage {
  readonly stored: { readonly bytes: ArrayBuffer; readonly summary: CheckpointSummary }[] = [];
  best: BestWeights | null = null;
  isFull = false;

  async save(bytes: ArrayBuffer, summary: CheckpointSummary): Promise<void> {
    if (this.isFull) throw new Error('The disk is full.');
    if (this.stored[0]?.summary.step === summary.step) this.stored.shift();
    this.stored.unshift({ bytes: bytes.slice(0), summary });
  }

  async readNewest<Decoded>(
    decode: (bytes: Uint8Array) => Decoded,
  ): Promise<{ summary: CheckpointSummary; checkpoint: Decoded } | null> {
    for (const { bytes, summary } of this.stored) {
      try {
        return { summary, checkpoint: decode(new Uint8Array(bytes)) };
      } catch {
        continue;
      }
    }
    return null;
  }

  async discard(keep = 0): Promise<void> {
    this.stored.splice(keep);
  }

  async saveBest(best: BestWeights): Promise<void> {
    if (this.isFull) throw new Error('The disk is full.');
    this.best = best;
  }

  async readBest(): Promise<BestWeights | null> {
    return this.best;
  }

  async discardBest(): Promise<void> {
    this.best = null;
  }
}

interface MemoryRun {
  readonly label: RunLabel;
  readonly state: RunState;
  readonly summary: RunSummary | null;
  readonly bytes: ArrayBuffer | null;
  readonly curves: RunCurves | null;
  readonly previews: readonly Previewed[];
}

/** Runs in memory. */
export class MemoryRuns implements RunStorage {
  readonly stored = new Map<string, MemoryRun>();
  readonly experiments: Parameters<RunStorage['saveExperiment']>[0][] = [];
  /** No more previews find room. */
  isFull = false;
  private trainRun: string | null = null;

  list = async (): Promise<KeptRun[]> =>
    [...this.stored].map(([id, { label, state, summary }]) => ({ id, label, state, summary }));

  async saveLabel(id: string, label: RunLabel): Promise<void> {
    const fresh = { state: 'active', summary: null, bytes: null, curves: null, previews: [] } as const;
    this.stored.set(id, { ...(this.stored.get(id) ?? fresh), label });
  }

  saveState = async (id: string, state: RunState): Promise<void> => this.change(id, { state });

  saveCheckpoint = async (id: string, bytes: ArrayBuffer, summary: RunSummary, curves: RunCurves): Promise<void> =>
    this.change(id, { bytes: bytes.slice(0), summary, curves });

  async readCheckpoint<Decoded>(id: string, decode: (bytes: Uint8Array) => Decoded): Promise<Decoded | null> {
    const bytes = this.stored.get(id)?.bytes;
    return bytes ? decode(new Uint8Array(bytes)) : null;
  }

  readCurves = async (id: string): Promise<RunCurves | null> => this.stored.get(id)?.curves ?? null;

  async savePreview(id: string, preview: Previewed): Promise<void> {
    if (this.isFull) throw new Error('The disk is full.');
    this.change(id, { previews: [...this.stored.get(id)!.previews, structuredClone(preview)] });
  }

  readPreview = async (id: string): Promise<Previewed | null> => this.stored.get(id)?.previews.at(-1) ?? null;

  saveExperiment: RunStorage['saveExperiment'] = async (kept) => void this.experiments.push(kept);

  readTrainRun = async (): Promise<string | null> => this.trainRun;

  async saveTrainRun(id: string): Promise<void> {
    this.trainRun = id;
  }

  private change(id: string, change: Partial<MemoryRun>): void {
    this.stored.set(id, { ...this.stored.get(id)!, ...change });
  }
}

/** A trainer's host in memory. */
export class TrainerTestHost implements TrainerHost, AdapterHost {
  readonly backend = new ToyBackend();
  readonly checkpoints = new MemoryCheckpoints();
  readonly runs = new MemoryRuns();
  source: () => Promise<ImageSource> = async () => sixImages;
  /** Another tab trains. */
  isTaken = false;
  /** Called between two steps, with the number of calls before. */
  betweenSteps: (call: number) => void = () => {};
  private calls = 0;

  readonly decode = nodeImaging.readPixels;
  private time = 0;

  /** Goes on by 20 ms with every look at it. */
  clock(): number {
    return (this.time += 20);
  }

  openSource(): Promise<ImageSource> {
    return this.source();
  }

  async whileTraining(work: () => Promise<void>): Promise<boolean> {
    if (this.isTaken) return false;
    this.isTaken = true;
    try {
      await work();
    } finally {
      this.isTaken = false;
    }
    return true;
  }

  /** A turn of the event loop, so that messages come in. */
  async yieldToEventLoop(): Promise<void> {
    this.betweenSteps(this.calls++);
    await new Promise((resolve) => setTimeout(resolve));
  }

  now(): number {
    return Date.UTC(2026, 0, 1);
  }
}
