import * as tf from '@tensorflow/tfjs';
import { tensorOfSquares } from '../images/tensors.ts';
import type { Networks } from '../paper/networks.ts';
import type { Images, TeacherOutput } from '../paper/notation.ts';
import { runTeacher } from '../paper/trainingStep.ts';
import { contentHash } from '../weights/checksum.ts';
import type { TeacherOutputStore } from './ports.ts';

/** Outputs are kept in 1/64 levels of 255: finer than a student could be asked for. */
const SCALE = 64 * 255;
/** zReal and yReal, three colours, two bytes each. */
const BYTES_PER_PIXEL = 2 * 3 * 2;
const MOST_SQUARES = 4096;
const MOST_BYTES = 256e6;

/** Choice: how many different squares of `crop` × `crop` pixels the real set of a fixed teacher has: 4,096, or what 256 MB hold. */
export function fixedTeacherSquares(crop: number): number {
  return Math.max(1, Math.min(MOST_SQUARES, Math.floor(MOST_BYTES / (crop * crop * BYTES_PER_PIXEL))));
}

/** What a hash says of a teacher: arrays of its weights by name. */
export type TeacherArrays = ReadonlyMap<string, { readonly data: Float32Array }>;

/**
 * A teacher that stays as it is: (zReal, yReal) of each square of the real set are computed once and kept, so that a step of the
 * student runs no teacher.
 */
export class FixedTeacher {
  private readonly kept = new Map<number, Int16Array>();
  private readonly id: string;

  /** `arrays`: the weights of F1 and F2. Squares that `store` knows, by the content of teacher and square, are not computed. */
  constructor(
    private readonly networks: Pick<Networks, 'f1' | 'f2'>,
    arrays: TeacherArrays,
    private readonly store: TeacherOutputStore | undefined,
  ) {
    this.id = contentHash(...[...arrays.values()].map(({ data }) => bytesOf(data)));
  }

  /** Outputs on xReal [n,h,w,3], whose squares have the numbers `squares`. The caller disposes them. */
  async outputsOn(xReal: Images, squares: readonly number[]): Promise<TeacherOutput> {
    const side = xReal.shape[1];
    for (const [i, square] of squares.entries()) {
      if (!this.kept.has(square)) this.kept.set(square, await this.outputOn(xReal, i));
    }
    const of = (half: 0 | 1): Images =>
      tensorOfSquares(
        squares.map((square) => halfOf(this.kept.get(square)!, half)),
        side,
      );
    return { z: of(0), y: of(1) };
  }

  /** Image i of xReal alone, so that it takes no more memory than one image does: [z, y]. */
  private async outputOn(xReal: Images, i: number): Promise<Int16Array> {
    const x = tf.slice(xReal, [i, 0, 0, 0], [1, -1, -1, -1]);
    try {
      const key = this.store && `${this.id}-${contentHash(bytesOf((await x.data()) as Float32Array))}`;
      const found = key && (await this.store!.read(key).catch(() => null));
      if (found && found.byteLength === x.size * 4) return new Int16Array(new Uint8Array(found).buffer);
      const output = await this.compute(x);
      if (key) await this.store!.write(key, bytesOf(output)).catch(() => undefined);
      return output;
    } finally {
      x.dispose();
    }
  }

  private async compute(x: Images): Promise<Int16Array> {
    const { z, y } = tf.tidy(() => ({ ...runTeacher(this.networks, x) }));
    const values = await Promise.all([z.data(), y.data()]);
    tf.dispose([z, y]);
    const output = new Int16Array(2 * x.size);
    values.forEach((half, at) => half.forEach((value, k) => (output[at * x.size + k] = rounded(value))));
    return output;
  }
}

function halfOf(output: Int16Array, half: 0 | 1): Float32Array {
  const size = output.length / 2;
  return Float32Array.from(output.subarray(half * size, (half + 1) * size), (value) => value / SCALE);
}

function rounded(value: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(value * SCALE)));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
