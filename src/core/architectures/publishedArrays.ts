import type { PublishedArrays } from './architecture.ts';
import type { TracedWeight } from './tracedGraph.ts';

/** How the files of a system's authors call its weights. */
export interface PublishedFile {
  /** Blocks and filters that arrays were made for; null where they are of something else. */
  size(arrays: PublishedArrays): { readonly blocks: number; readonly filters: number } | null;
  /** The array that holds a weight of ours; the same name by default. */
  name?(weight: string): string;
  /** Arrays that lie in the file and that nothing uses. */
  unused?(name: string): boolean;
  /** What a file must be turned into first. */
  prepare?(arrays: PublishedArrays): PublishedArrays;
}

/** The weights of a network out of a file's arrays; null unless they are all there, in shape, and nothing unexplained is. */
export function matchArrays(
  weights: readonly TracedWeight[],
  { name = (weight) => weight, unused = () => false }: PublishedFile,
  arrays: PublishedArrays,
): Map<string, Float32Array> | null {
  const result = new Map<string, Float32Array>();
  const used = new Set<string>();
  for (const weight of weights) {
    const theirs = name(weight.name);
    const array = arrays.get(theirs);
    const values = array && converted(array, weight);
    if (!values) return null;
    result.set(weight.name, values);
    used.add(theirs);
  }
  return [...arrays.keys()].every((theirs) => used.has(theirs) || unused(theirs)) ? result : null;
}

/** An array in our layout; null when it has another shape. */
function converted(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float32Array },
  weight: TracedWeight,
): Float32Array | null {
  if (weight.shape.length === 4) {
    const [rows, columns, cin, cout] = weight.shape as [number, number, number, number];
    const theirs = weight.transposed ? [cin, cout, rows, columns] : [cout, cin, rows, columns];
    return shape.join() === theirs.join() ? ourFilter(data, weight) : null;
  }
  return data.length === weight.shape.reduce((a, b) => a * b, 1) ? data : null;
}

/** [out,in,k,l] → [k,l,in,out]; a transposed convolution [in,out,k,l] is one with the filter rotated by 180°. */
function ourFilter(data: Float32Array, { shape, transposed }: TracedWeight): Float32Array {
  const [rows, columns, cin, cout] = shape as [number, number, number, number];
  const result = new Float32Array(data.length);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const tap = transposed ? (rows - 1 - row) * columns + (columns - 1 - column) : row * columns + column;
      for (let i = 0; i < cin; i++) {
        for (let o = 0; o < cout; o++) {
          result[to++] = data[(transposed ? i * cout + o : o * cin + i) * rows * columns + tap]!;
        }
      }
    }
  }
  return result;
}

/** How many arrays have names of a pattern. */
export function countArrays(arrays: PublishedArrays, pattern: RegExp): number {
  return [...arrays.keys()].filter((name) => pattern.test(name)).length;
}

/** Length of an array's first axis; 0 where there is no such array. */
export function firstAxis(arrays: PublishedArrays, name: string): number {
  return arrays.get(name)?.shape[0] ?? 0;
}
