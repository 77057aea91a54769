import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { conv3x3 } from '../ops/conv3x3.ts';
import { double, fromBlocks, halve, toBlocks } from '../ops/halve.ts';
import type { Images } from '../paper/notation.ts';
import type { Architecture, NetworkShape, NetworkSize, WeightShape, Weights } from './architecture.ts';
import { blockWeights, convolutionsOf, convolutionWeights, initialValues, parseSize } from './convolutions.ts';

const MAX_BLOCKS = 32;

/** Sides of an image are multiples of this at every octave: the body works on 2×2 pixels at once, its inner part on 4×4. */
const MULTIPLE = 4;
/** The coarsest octave has at least this many pixels on its shorter side. */
const LEAST_SIDE = 16;
/** Choice: streaks of 3 pixels at the coarsest octave are 96 pixels wide in the image; nothing wider is rain. */
const MOST_OCTAVES = 6;

/** How many octaves an image has, and what its sides are multiples of at the coarsest: for exports. */
export const octaveRule = { multiple: MULTIPLE, leastSide: LEAST_SIDE, most: MOST_OCTAVES } as const;

/**
 * Our own network: one small body, applied coarse to fine to an image, its half, its quarter … with the same weights, so that
 * it knows rain of every size and its cost grows by a third only. At each octave:
 *
 *   y − x = enlarge(c) + tail(out2(out1(e + double(up(B × block(down(halve(e))))))),   e = in(head([u, c]))
 *
 * u [h/2,w/2,12] is x in blocks of 2×2 pixels; c [h/2,w/2,3] is y − x one octave coarser; enlarge: twice the size, bilinear;
 * halve: means of 2×2, double: repeats; in, out1, out2 and block are residual blocks as in EDSR, the inner ones twice as wide.
 * All convolutions 3×3, stride 1, same size, with bias; no normalization.
 */
export interface PyramidShape extends NetworkShape, NetworkSize {
  readonly architecture: 'pyramid';
}

export const pyramid: Architecture<PyramidShape> = {
  id: 'pyramid',
  title: 'Pyramid',
  usual: { blocks: 3, filters: 64 },
  parse: (json) => ({ architecture: 'pyramid', ...parseSize(json, MAX_BLOCKS) }),
  ofSize: (size) => ({ architecture: 'pyramid', ...parseSize({ ...size }, MAX_BLOCKS) }),
  sizeOf: ({ blocks, filters, imageSkip }) => ({ blocks, filters, imageSkip }),
  weights: pyramidWeights,
  init: (shape, random) => initialValues(pyramidWeights(shape), shape.blocks + 3, random),
  apply: applyPyramid,
  // In blocks of 2×2: head, three outer residual blocks and tail 8; inside, on 4×4, down, up and two per block; and one where
  // `double` looks back to a block that reaches further.
  radius: ({ blocks }) => 2 * (8 + 2 * (2 + 2 * blocks) + 2),
  multiple: () => MULTIPLE,
  footprint: ({ blocks, filters }) => ({
    alive: filters + 18, // four layers of features at a quarter of the pixels; the image, its blocks, the result
    kept: (4 / 3) * ((8 * filters + 48) / 4 + ((2 * blocks + 2) * 2 * filters + 2 * filters) / 16),
    widest: Math.max(filters, 15) / 4,
  }),
  multiplyAdds: ({ blocks, filters: f }) => {
    const outer = 15 * f + 6 * f * f + 12 * f; // on a quarter of the pixels
    const inner = 4 * f * f + 8 * blocks * f * f; // on a sixteenth
    return (4 / 3) * 9 * (outer / 4 + inner / 16);
  },
  octaves: { count: octavesOf, residual, enlarge: (coarse) => tf.tidy(() => fromBlocks(enlargedBlocks(coarse))) },
};

/** True for the shape of a pyramid. */
export function isPyramid(shape: NetworkShape): shape is PyramidShape {
  return shape.architecture === 'pyramid';
}

function pyramidWeights({ blocks, filters: f }: PyramidShape): WeightShape[] {
  return [
    ...convolutionWeights('head', 15, f),
    ...blockWeights('in', f),
    ...convolutionWeights('down', f, 2 * f),
    ...Array.from({ length: blocks }, (_, i) => blockWeights(`block${i}`, 2 * f)).flat(),
    ...convolutionWeights('up', 2 * f, f),
    ...blockWeights('out1', f),
    ...blockWeights('out2', f),
    ...convolutionWeights('tail', f, 12),
  ];
}

/** Octaves of an image: as many as leave at least 16 pixels on the shorter side of the coarsest, at most six. */
function octavesOf(height: number, width: number): number {
  const halvings = Math.floor(Math.log2(Math.max(1, Math.min(height, width) / LEAST_SIDE)));
  return Math.min(MOST_OCTAVES, 1 + halvings);
}

/**
 * x [n,h,w,3] → y = x + (y − x) with the image-level skip, the rain map x − y without. An image whose sides are no multiples
 * of 2·2^octaves is continued by its mirror image and cut again.
 */
function applyPyramid(x: Images, weights: Weights, shape: PyramidShape): Images {
  return tf.tidy(() => {
    const [, height, width] = x.shape;
    const octaves = octavesOf(height, width);
    const multiple = MULTIPLE * 2 ** (octaves - 1);
    const whole = padded(x, multiple);
    const images = [whole]; // finest first
    while (images.length < octaves) images.push(halve(images.at(-1)!));
    let r: Images | null = null;
    for (const image of images.toReversed()) r = residual(image, r, weights, shape);
    const change =
      r!.shape[1] === height && r!.shape[2] === width ? r! : tf.slice(r!, [0, 0, 0, 0], [-1, height, width, 3]);
    return shape.imageSkip ? tf.add(x, change) : (tf.neg(change) as Images);
  });
}

/** y − x at one octave; see `Octaves.residual`. */
function residual(x: Images, coarse: Images | null, weights: Weights, { blocks }: PyramidShape): Images {
  const convolution = convolutionsOf(weights);
  return tf.tidy(() => {
    const u = toBlocks(x); // [n,h/2,w/2,12]
    const c = coarse ?? (tf.zeros([u.shape[0], u.shape[1], u.shape[2], 3]) as Images);
    const block = (name: string, input: Tensor4D): Tensor4D =>
      convolution(`${name}.conv2`, convolution(`${name}.conv1`, input, { relu: true }), { skip: input });
    const outer = block('in', convolution('head', tf.concat([u, c], 3))); // [n,h/2,w/2,f]
    let inner = convolution('down', halve(outer)); // [n,h/4,w/4,2f]
    for (let i = 0; i < blocks; i++) inner = block(`block${i}`, inner);
    const joined = tf.add(outer, double(convolution('up', inner))) as Tensor4D;
    const features = block('out2', block('out1', joined));
    return fromBlocks(convolution('tail', features, coarse ? { skip: enlargedBlocks(coarse) } : {}));
  });
}

/** Bilinear enlargement to twice the size, in blocks: [n,h,w,3] → [n,h,w,12]. What lies outside counts as 0. */
function enlargedBlocks(coarse: Images): Tensor4D {
  return conv3x3(coarse, tf.tensor(bilinearFilter(), [3, 3, 3, 12]) as Tensor4D, tf.zeros([12]) as Tensor1D);
}

/** Filters [3,3,3,12] of that enlargement: along each axis 3/4 of the pixel itself and 1/4 of its nearer neighbour. */
export function bilinearFilter(): Float32Array {
  const along = [
    [1 / 4, 3 / 4, 0],
    [0, 3 / 4, 1 / 4],
  ] as const;
  const filters = new Float32Array(3 * 3 * 3 * 12);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      for (let c = 0; c < 3; c++) {
        for (let at = 0; at < 4; at++) {
          const value = along[at >> 1]![row]! * along[at & 1]![column]!;
          filters[((row * 3 + column) * 3 + c) * 12 + at * 3 + c] = value;
        }
      }
    }
  }
  return filters;
}

/** Continued at the bottom and on the right by its mirror image up to multiples of a side. */
function padded(x: Images, multiple: number): Images {
  const [, h, w] = x.shape;
  const [rows, columns] = [(multiple - (h % multiple)) % multiple, (multiple - (w % multiple)) % multiple];
  if (rows === 0 && columns === 0) return x;
  return tf.mirrorPad(
    x as Tensor,
    [
      [0, 0],
      [0, rows],
      [0, columns],
      [0, 0],
    ],
    'symmetric',
  ) as Images;
}
