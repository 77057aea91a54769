import type { PublishedArrays, WeightShape } from '../architecture.ts';

/** How a weight lies in its authors' file. */
export interface TheirArray {
  readonly name: string;
  readonly transposed?: boolean;
}

/** Weights of ours as the file of a network's authors holds them: filters [out,in,k,l], of transposed convolutions [in,out,k,l]. */
export function asPublished(
  shapes: readonly WeightShape[],
  weights: ReadonlyMap<string, Float32Array>,
  theirs: (name: string) => TheirArray = (name) => ({ name }),
): PublishedArrays {
  return new Map(
    shapes.map(({ name, shape }) => {
      const { name: theirName, transposed = false } = theirs(name);
      const values = weights.get(name)!;
      if (shape.length !== 4) return [theirName, { shape, data: values }];
      const [rows, columns, cin, cout] = shape as [number, number, number, number];
      const dims = transposed ? [cin, cout, rows, columns] : [cout, cin, rows, columns];
      const data = new Float32Array(values.length);
      values.forEach((value, i) => {
        const [o, c] = [i % cout, Math.floor(i / cout) % cin];
        const tap = Math.floor(i / (cout * cin));
        const place = transposed ? rows * columns - 1 - tap : tap;
        data[(transposed ? c * cout + o : o * cin + c) * rows * columns + place] = value;
      });
      return [theirName, { shape: dims, data }];
    }),
  );
}
