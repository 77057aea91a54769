/**
 * A kept run as one file: its checkpoint (config, seed, history with named columns, weights), and beside it the name, notes, its
 * place in an experiment and the last previews. Training goes on from it as from any checkpoint.
 */
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { decodeSafetensors } from '../weights/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Previewed, PreviewSample } from './events.ts';

/** What people and experiments say of a run. */
export interface RunLabel {
  readonly name: string;
  readonly notes: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Null for a run of its own. */
  readonly experiment: {
    readonly id: string;
    readonly title: string;
    readonly variant: string;
    /** In words of settings, see `Variant`. */
    readonly set: string;
  } | null;
}

export interface RunFile {
  readonly label: RunLabel;
  readonly checkpoint: Checkpoint;
  readonly preview: Previewed | null;
}

const images = ['rainy', 'rainMap', 'trueRainMap', 'teacher', 'student', 'truth'] as const;
const PREFIX = 'preview/';

export function encodeRun({ label, checkpoint, preview }: RunFile): Uint8Array<ArrayBuffer> {
  const arrays = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const [i, sample] of (preview?.samples ?? []).entries()) {
    for (const name of images) {
      const pixels = sample[name];
      if (pixels) arrays.set(`${PREFIX}${i}/${name}`, arrayOf(pixels));
    }
  }
  const samples = preview?.samples.map((sample) =>
    Object.fromEntries(Object.entries(sample).filter(([name]) => !(images as readonly string[]).includes(name))),
  );
  return encodeCheckpoint(checkpoint, {
    arrays,
    metadata: {
      run: JSON.stringify(label),
      ...(preview && { preview: JSON.stringify({ step: preview.step, samples }) }),
    },
  });
}

/**
 * Reads a run, or any checkpoint, which then has no label. Throws CheckpointError or SafetensorsError when the bytes are not a
 * whole, unaltered checkpoint.
 */
export function decodeRun(bytes: Uint8Array): Omit<RunFile, 'label'> & { readonly label: RunLabel | null } {
  const checkpoint = decodeCheckpoint(bytes);
  const { tensors, metadata } = decodeSafetensors(bytes);
  const arrays = new Map([...checkpoint.arrays].filter(([name]) => !name.startsWith(PREFIX)));
  return {
    label: metadata['run'] === undefined ? null : labelOf(JSON.parse(metadata['run'])),
    checkpoint: { ...checkpoint, arrays },
    preview: metadata['preview'] === undefined ? null : previewOf(JSON.parse(metadata['preview']), tensors),
  };
}

function labelOf(read: Partial<RunLabel>): RunLabel {
  const { name = 'Run', notes = '', createdAt = 0, experiment = null } = read;
  return { name: String(name), notes: String(notes), createdAt: Number(createdAt), experiment };
}

function previewOf(
  { step, samples }: { step: number; samples: Omit<PreviewSample, (typeof images)[number]>[] },
  tensors: Checkpoint['arrays'],
): Previewed {
  return {
    type: 'previewed',
    step,
    samples: samples.map((sample, i) => {
      const found = images.map((name) => {
        const stored = tensors.get(`${PREFIX}${i}/${name}`);
        return [name, stored ? pixelsOf(stored) : null] as const;
      });
      return { ...sample, ...Object.fromEntries(found) } as PreviewSample;
    }),
  };
}

/** RGB 0…1 [h,w,3]. */
function arrayOf({ data, width, height }: Pixels): { shape: number[]; data: Float32Array } {
  const rgb = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let k = 0; k < 3; k++) rgb[i * 3 + k] = data[i * 4 + k]! / 255;
  return { shape: [height, width, 3], data: rgb };
}

function pixelsOf({ shape, data }: { readonly shape: readonly number[]; readonly data: Float32Array }): Pixels {
  const pixels = createPixels(shape[1]!, shape[0]!);
  for (let i = 0; i < shape[0]! * shape[1]!; i++)
    for (let k = 0; k < 3; k++) pixels.data[i * 4 + k] = Math.round(data[i * 3 + k]! * 255);
  return pixels;
}
