import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Adam } from '../paper/adam.ts';
import type { Networks } from '../paper/networks.ts';
import { networkNames } from '../paper/networks.ts';
import { variablesOf } from '../paper/trainingStep.ts';
import { checksumFits, encodeWithChecksum } from '../weights/checksum.ts';
import { decodeSafetensors } from '../weights/safetensors.ts';
import { checkConfig } from './config.ts';
import type { TrainingConfig } from './config.ts';
import type { LossPoint, RunNote, Validated } from './events.ts';
import { pointsOf, tableOf, unnamedColumns } from './historyColumns.ts';
import { migrateConfig, migrateNote, migrateValidated } from './migrate.ts';

/** Everything a run needs to go on as if it had not stopped. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly config: TrainingConfig;
  /** Weights, moments and averages by name: 'weights/f1/head.weight', 'adam/m/synthetic/f1/…', 'adam/average/f1/…'. */
  readonly arrays: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
  /** Updates done, of each kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly history: readonly LossPoint[];
  readonly validations: readonly Validated[];
  readonly notes: readonly RunNote[];
  /** Images that the run learns from. */
  readonly images: { readonly clean: number; readonly rainy: number; readonly pairs: number };
}

/** A checkpoint cannot be read; the message says why. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const FORMAT = 'petrichor-checkpoint';
/**
 * Version 1 names no columns of the history, and its checksum covers the arrays alone. Version 3 has lost devices among its notes;
 * a checkpoint without one is written as version 2, which earlier readers take.
 */
const VERSION = '3';
const READABLE = ['1', '2', VERSION];

/** Reads everything back from the backend, in one go. */
export async function snapshotWeights(networks: Networks, adam: Adam): Promise<Checkpoint['arrays']> {
  const tensors = new Map<string, Tensor>();
  for (const [name, variable] of variablesOf(networks, networkNames)) tensors.set(`weights/${name}`, variable);
  for (const [name, tensor] of adam.state().tensors) tensors.set(`adam/${name}`, tensor);
  const data = await Promise.all([...tensors.values()].map((tensor) => tensor.data() as Promise<Float32Array>));
  return new Map([...tensors].map(([name, { shape }], i) => [name, { shape, data: data[i]!.slice() }]));
}

/** Puts a checkpoint's numbers into networks of the same shapes and their Adam. Throws CheckpointError if one is missing. */
export function restoreArrays(checkpoint: Checkpoint, networks: Networks, adam: Adam): void {
  tf.tidy(() => {
    for (const [name, variable] of variablesOf(networks, networkNames)) {
      const stored = checkpoint.arrays.get(`weights/${name}`);
      if (!stored || stored.shape.join() !== variable.shape.join()) {
        throw new CheckpointError(`The checkpoint holds no ${name} of shape [${variable.shape}].`);
      }
      variable.assign(tf.tensor(stored.data, [...stored.shape]));
    }
    const remembered = new Map<string, Tensor>();
    for (const [name, { shape, data }] of checkpoint.arrays) {
      if (name.startsWith('adam/')) remembered.set(name.slice(5), tf.tensor(data, [...shape]));
    }
    adam.restore(remembered, checkpoint.counts);
  });
}

/** True when every number is finite. */
export function allFinite(arrays: Checkpoint['arrays']): boolean {
  for (const { data } of arrays.values()) {
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  }
  return true;
}

/** What a file may hold beside a checkpoint; whoever reads the checkpoint passes over it. */
export interface BesideCheckpoint {
  readonly arrays: Checkpoint['arrays'];
  readonly metadata: Readonly<Record<string, string>>;
}

/** One safetensors file; its metadata holds the config, the counts, the names of the history's columns and a checksum of all bytes. */
export function encodeCheckpoint(checkpoint: Checkpoint, beside?: BesideCheckpoint): Uint8Array<ArrayBuffer> {
  const arrays = new Map([...checkpoint.arrays, ...(beside?.arrays ?? [])]);
  const { columns, data } = tableOf(checkpoint.history);
  if (checkpoint.history.length) arrays.set('history', { shape: [checkpoint.history.length, columns.length], data });
  return encodeWithChecksum(arrays, {
    ...beside?.metadata,
    format: FORMAT,
    version: checkpoint.notes.some(({ type }) => type === 'deviceLost') ? VERSION : '2',
    step: String(checkpoint.step),
    config: JSON.stringify(checkpoint.config),
    counts: JSON.stringify(checkpoint.counts),
    validations: JSON.stringify(checkpoint.validations),
    notes: JSON.stringify(checkpoint.notes),
    images: JSON.stringify(checkpoint.images),
    historyColumns: JSON.stringify(columns),
  });
}

/** Throws CheckpointError or SafetensorsError when the bytes are not a whole, unaltered checkpoint of ours. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== FORMAT) throw new CheckpointError('This file is not a checkpoint of a training run.');
  if (!READABLE.includes(metadata.version ?? ''))
    throw new CheckpointError(`This checkpoint has version ${metadata.version}; version ${VERSION} is needed.`);
  const intact = metadata.version === '1' ? metadata.checksum === arraysChecksum(tensors) : checksumFits(bytes);
  if (!intact) throw new CheckpointError('The checkpoint is damaged: its checksum does not fit.');
  const history = tensors.get('history');
  tensors.delete('history');
  const config = migrateConfig(JSON.parse(metadata.config ?? 'null') as TrainingConfig);
  const [problem] = checkConfig(config);
  if (problem) throw new CheckpointError(`The checkpoint's setting ${problem.path} ${problem.message}.`);
  return {
    step: Number(metadata.step),
    config,
    arrays: tensors,
    counts: JSON.parse(metadata.counts ?? '{}') as Record<string, number>,
    history: history ? historyOf(history.data, metadata.historyColumns) : [],
    validations: (JSON.parse(metadata.validations ?? '[]') as Validated[]).map(migrateValidated),
    notes: (JSON.parse(metadata.notes ?? '[]') as RunNote[]).map(migrateNote),
    images: JSON.parse(
      metadata.images ?? metadata.pictures ?? '{"clean":0,"rainy":0,"pairs":0}',
    ) as Checkpoint['images'],
  };
}

/** `columns` is the JSON that names them; absent in version 1. */
function historyOf(data: Float32Array, columns: string | undefined): LossPoint[] {
  try {
    return pointsOf({ columns: columns === undefined ? unnamedColumns : (JSON.parse(columns) as string[]), data });
  } catch (error) {
    throw new CheckpointError('The history of the checkpoint cannot be read.', { cause: error });
  }
}

/** Version 1's: FNV-1a over the 32-bit words of all arrays in order of their names. */
function arraysChecksum(arrays: ReadonlyMap<string, { readonly data: Float32Array }>): string {
  let hash = 0x811c9dc5;
  for (const name of [...arrays.keys()].sort()) {
    const { data } = arrays.get(name)!;
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
