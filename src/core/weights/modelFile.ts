/**
 * A trained model as one safetensors file: the arrays, and in the metadata what they are and where they come from.
 *
 * | metadata | holds |
 * |---|---|
 * | `format`, `version` | `petrichor`, `1` |
 * | `role` | `student` (F3) or `teacher` (F1 and F2) |
 * | `shape` | JSON: `{architecture, …}`, the rest as the architecture says (absent: `edsr`, `{blocks, filters, imageSkip}`); of a teacher `{f1: {…}, f2: {…}}` |
 * | `provenance` | JSON, see `Provenance`; may be absent |
 * | `checksum` | see checksum.ts; absent in older files |
 *
 * Arrays are named as PyTorch modules would name them: `head.weight`, `block0.conv1.bias`, …, `tail.weight`; those of a
 * teacher begin with `f1/` or `f2/`. Filters are [3,3,cin,cout]: for PyTorch, `permute(3, 2, 0, 1)`.
 */
import { ShapeError } from '../architectures/architecture.ts';
import type { NetworkShape, PublishedArrays } from '../architectures/architecture.ts';
import { networkWeights, parseShape, recognizeNetworks } from '../architectures/registry.ts';
import { checksumFits, encodeWithChecksum } from './checksum.ts';
import { readProvenance } from './provenance.ts';
import type { Provenance } from './provenance.ts';
import { decodeSafetensors, SafetensorsError } from './safetensors.ts';
import type { SafetensorsArray, SafetensorsFile } from './safetensors.ts';

export type WeightArrays = ReadonlyMap<string, Float32Array>;

export interface Student {
  readonly shape: NetworkShape;
  /** By the names of `networkWeights`. */
  readonly weights: WeightArrays;
  /** Null when the file does not say. */
  readonly provenance: Provenance | null;
}

export interface Teacher {
  readonly shapes: { readonly f1: NetworkShape; readonly f2: NetworkShape };
  readonly weights: { readonly f1: WeightArrays; readonly f2: WeightArrays };
  readonly provenance: Provenance | null;
}

export type ModelFile = ({ readonly role: 'student' } & Student) | ({ readonly role: 'teacher' } & Teacher);

/** The networks of a model: F3, or F1 and F2. */
export function shapesOf(model: ModelFile): NetworkShape[] {
  return model.role === 'student' ? [model.shape] : [model.shapes.f1, model.shapes.f2];
}

/** A file that cannot be used as a model: what is wrong with it, and what the person can do. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
  constructor(
    readonly reason: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(`${reason} ${hint}`, options);
  }
}

const FORMAT = 'petrichor';
const VERSION = '1';
/** F16 halves the file; its values are exact to about three digits. */
type Options = { readonly dtype?: 'F32' | 'F16' };

/** The bytes of a student's file. Throws Error when weights are missing or do not fit the shape. */
export function encodeStudent(student: Student, options: Options = {}): Uint8Array<ArrayBuffer> {
  const arrays = shapedArrays('', student.shape, student.weights);
  return encodeWithChecksum(new Map(arrays), metadata('student', student.shape, student.provenance), options);
}

/** The bytes of a teacher's file, both networks in one. Throws Error as `encodeStudent` does. */
export function encodeTeacher(
  { shapes, weights, provenance }: Teacher,
  options: Options = {},
): Uint8Array<ArrayBuffer> {
  const arrays = [...shapedArrays('f1/', shapes.f1, weights.f1), ...shapedArrays('f2/', shapes.f2, weights.f2)];
  return encodeWithChecksum(new Map(arrays), metadata('teacher', shapes, provenance), options);
}

/** The student in a file; its weights may be views of `bytes`. Throws ModelFileError for anything else. */
export function decodeStudent(bytes: Uint8Array): Student {
  const model = decodeModel(bytes);
  if (model.role !== 'student')
    throw new ModelFileError('This file holds a teacher, not a student.', 'Choose the student of the same run.');
  return model;
}

/**
 * The student or teacher in a file; weights may be views of `bytes`. A file of another program counts as a student when its
 * arrays are those of a published network; `wanted` says which, where they fit several. Throws ModelFileError for
 * anything else.
 */
export function decodeModel(bytes: Uint8Array, wanted?: WantedNetwork): ModelFile {
  const file = readContainer(bytes);
  const published = file.metadata['format'] === FORMAT ? null : publishedStudent(file.tensors, wanted);
  if (published) return { role: 'student', ...published };
  const role = checkedRole(file.metadata);
  const shape = parsed(file.metadata['shape'], 'shape');
  const provenance = checkedProvenance(file.metadata['provenance']);
  if (role === 'student') {
    const student = { role, shape: checkedShape(shape, 'shape'), provenance };
    return { ...student, weights: checkedWeights(file, { '': student.shape })[''] };
  }
  const both = isRecord(shape) ? shape : {};
  const shapes = { f1: checkedShape(both['f1'], 'shape of F1'), f2: checkedShape(both['f2'], 'shape of F2') };
  const weights = checkedWeights(file, { 'f1/': shapes.f1, 'f2/': shapes.f2 });
  return { role, shapes, weights: { f1: weights['f1/'], f2: weights['f2/'] }, provenance };
}

/** Whether a safetensors file is one of our own, whatever state it is in. */
export function isOurs(bytes: Uint8Array): boolean {
  return readContainer(bytes).metadata['format'] === FORMAT;
}

/** A published network, and the value of a choice that it has. */
export interface WantedNetwork {
  readonly architecture: string;
  readonly choice?: string;
}

function isWanted(shape: NetworkShape, { architecture, choice }: WantedNetwork): boolean {
  const values: unknown[] = Object.values(shape);
  return (
    shape.architecture === architecture && (choice === undefined || values.some((value) => String(value) === choice))
  );
}

/**
 * The published network that arrays of its authors' names fit; null when there is none. Where several do, `wanted`
 * chooses, or the most common is taken. Throws ModelFileError when the chosen one does not fit, or a number is not finite.
 */
export function publishedStudent(arrays: PublishedArrays, wanted?: WantedNetwork): Student | null {
  const found = recognizeNetworks(arrays);
  if (found.length === 0) return null;
  const first = found.find(({ shape }) => !wanted || isWanted(shape, wanted));
  if (!first) {
    const others = [...new Set(found.map(({ shape }) => shape.architecture))].join(' or ');
    throw new ModelFileError(
      `The file does not hold the network ${short([wanted?.architecture, wanted?.choice].filter(Boolean).join(':'))}.`,
      `It may be opened as ${others}.`,
    );
  }
  for (const [name, values] of first.weights) assertFinite(name, values);
  return { ...first, provenance: null };
}

function metadata(role: ModelFile['role'], shape: unknown, provenance: Provenance | null): Record<string, string> {
  const told = provenance ? { provenance: JSON.stringify(provenance) } : {};
  return { format: FORMAT, version: VERSION, role, shape: JSON.stringify(shape), ...told };
}

function shapedArrays(prefix: string, shape: NetworkShape, weights: WeightArrays): [string, SafetensorsArray][] {
  return networkWeights(shape).map(({ name, shape: dims }) => {
    const data = weights.get(name);
    if (!data) throw new Error(`There is no weight named ${name}.`);
    return [prefix + name, { shape: dims, data }];
  });
}

const ASK_AGAIN = 'Download or export it again.';
const OTHER_FILE = 'Choose a .safetensors file that was exported from the Train view.';

function readContainer(bytes: Uint8Array): SafetensorsFile {
  try {
    const file = decodeSafetensors(bytes);
    assertIntact(bytes, file.metadata);
    return file;
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new ModelFileError(error.message, `The file is damaged or is something else. ${ASK_AGAIN}`, {
      cause: error,
    });
  }
}

/** What a file of ours says that is older than the checksum. */
const OLDER_KEYS: ReadonlySet<string> = new Set(['format', 'version', 'role', 'shape', 'provenance']);

/**
 * Throws ModelFileError when the file holds a checksum that does not fit, or is one of ours whose checksum cannot be found although
 * it says more than the older files: then the name of the checksum itself is damaged.
 */
function assertIntact(bytes: Uint8Array, metadata: Readonly<Record<string, string>>): void {
  const fits = checksumFits(bytes);
  const isOlder = metadata['format'] !== FORMAT || Object.keys(metadata).every((key) => OLDER_KEYS.has(key));
  if (fits === false || (fits === null && !isOlder))
    throw new ModelFileError('The file is damaged: its checksum does not fit.', ASK_AGAIN);
}

function checkedRole({ format, version, role }: Readonly<Record<string, string>>): ModelFile['role'] {
  if (format !== FORMAT) throw new ModelFileError('This safetensors file was made by another program.', OTHER_FILE);
  if (version !== VERSION) {
    throw new ModelFileError(
      `The file has version ${short(version)}; this page reads version ${VERSION}.`,
      'Reload the page to get its newest version.',
    );
  }
  if (role !== 'student' && role !== 'teacher')
    throw new ModelFileError('The file holds neither a student nor a teacher.', OTHER_FILE);
  return role;
}

function checkedShape(value: unknown, what: string): NetworkShape {
  try {
    return parseShape(value);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ModelFileError(`The ${what} ${error.message}.`, OTHER_FILE, { cause: error });
  }
}

/** Largest weight of a network whose answers can mean something: images are numbers from 0 to 1. */
export const MAX_WEIGHT = 1e6;

/** Every weight of every network, and nothing else. */
function checkedWeights<Prefix extends string>(
  { tensors }: SafetensorsFile,
  networks: Readonly<Record<Prefix, NetworkShape>>,
): Record<Prefix, Map<string, Float32Array>> {
  const result = {} as Record<Prefix, Map<string, Float32Array>>;
  let known = 0;
  for (const prefix of Object.keys(networks) as Prefix[]) {
    const weights = new Map<string, Float32Array>();
    for (const { name, shape, stored } of networkWeights(networks[prefix])) {
      const array = tensors.get(prefix + name);
      if (!array) throw new ModelFileError(`The weight ${prefix + name} is missing.`, ASK_AGAIN);
      if (array.shape.join() !== shape.join()) {
        throw new ModelFileError(
          `The weight ${prefix + name} has the shape [${array.shape}]; [${shape}] was expected.`,
          ASK_AGAIN,
        );
      }
      assertFinite(prefix + name, array.data);
      if (!stored && array.data.some((value) => Math.abs(value) > MAX_WEIGHT)) {
        throw new ModelFileError(
          `The weight ${prefix + name} holds numbers beyond any sense, so its results would have none.`,
          'Its training diverged; export an earlier one.',
        );
      }
      weights.set(name, array.data);
      known++;
    }
    result[prefix] = weights;
  }
  if (known !== tensors.size) throw new ModelFileError('The file holds arrays that belong to no network.', OTHER_FILE);
  return result;
}

function assertFinite(name: string, values: Float32Array): void {
  if (values.every(Number.isFinite)) return;
  throw new ModelFileError(
    `The weight ${name} holds something that is no finite number.`,
    'Its training diverged; export an earlier one.',
  );
}

function checkedProvenance(text: string | undefined): Provenance | null {
  if (text === undefined) return null;
  const provenance = readProvenance(parsed(text, 'provenance'));
  if (!provenance) throw new ModelFileError('What the file says of its own training is not readable.', ASK_AGAIN);
  return provenance;
}

function parsed(text: string | undefined, what: string): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (error) {
    throw new ModelFileError(`The file does not say its ${what}.`, ASK_AGAIN, { cause: error });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function short(text: string | undefined): string {
  return text === undefined ? 'none' : JSON.stringify(text.slice(0, 20));
}
