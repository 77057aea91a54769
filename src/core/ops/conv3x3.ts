import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Tensor, Tensor4D } from '@tensorflow/tfjs';

/**
 * The one operation that EDSR is made of:  y = act(x ∗ w + b [+ skip]),  3×3, stride 1, zero padding to the same size.
 *
 * It is a tfjs kernel of our own (`Conv3x3`) with a registered gradient, so it stays fused while a tape records it. A
 * backend runs it with the kernels registered for it by `reference.ts` (stock operations, any backend),
 * `webgpu/register.ts` or `wasm/register.ts`.
 */
export const CONV3X3 = 'Conv3x3';
/** Gradient of Conv3x3 with respect to its input; see `Conv3x3InputGradInputs`. */
export const CONV3X3_INPUT_GRAD = 'Conv3x3InputGrad';
/** Gradients of Conv3x3 with respect to filter and bias; see `Conv3x3FilterGradInputs`. */
export const CONV3X3_FILTER_GRAD = 'Conv3x3FilterGrad';

/** x [n,h,w,cin], w [3,3,cin,cout], b [cout], skip [n,h,w,cout] (absent: none) → y [n,h,w,cout]. */
export interface Conv3x3Inputs {
  x: Tensor4D;
  w: Tensor4D;
  b: tf.Tensor1D;
  skip?: Tensor4D;
}

/**
 * dy [n,h,w,cout], w [3,3,cin,cout], y [n,h,w,cout] only when the forward pass had a ReLU → dx [n,h,w,cin].
 * With y given, dy counts only where y > 0: the ReLU's mask is folded in.
 */
export interface Conv3x3InputGradInputs {
  dy: Tensor4D;
  w: Tensor4D;
  y?: Tensor4D;
}

/** x [n,h,w,cin], dy [n,h,w,cout], y as above → two outputs, dw [3,3,cin,cout] and db [cout]. */
export interface Conv3x3FilterGradInputs {
  x: Tensor4D;
  dy: Tensor4D;
  y?: Tensor4D;
}

export interface Conv3x3Attrs {
  readonly relu: boolean;
}

/**
 * y = act(x ∗ w + b [+ skip]).
 *
 * x [n,h,w,cin], w [3,3,cin,cout], b [cout], skip [n,h,w,cout]; returns [n,h,w,cout], float32.
 * Throws Error when the shapes do not fit together.
 */
export function conv3x3(
  x: Tensor4D,
  w: Tensor4D,
  b: tf.Tensor1D,
  options: { readonly relu?: boolean; readonly skip?: Tensor4D } = {},
): Tensor4D {
  const { relu = false, skip } = options;
  assertShapes(x, w, b, skip);
  const inputs: Conv3x3Inputs = skip ? { x, w, b, skip } : { x, w, b };
  const attrs: Conv3x3Attrs = { relu };
  return tf
    .engine()
    .runKernel(CONV3X3, inputs as unknown as NamedTensorMap, attrs as unknown as tf.NamedAttrMap) as Tensor4D;
}

/** dx of Conv3x3, as a tfjs kernel call. */
export function conv3x3InputGrad(dy: Tensor4D, w: Tensor4D, y: Tensor4D | undefined): Tensor4D {
  const inputs: Conv3x3InputGradInputs = y ? { dy, w, y } : { dy, w };
  return tf.engine().runKernel(CONV3X3_INPUT_GRAD, inputs as unknown as NamedTensorMap) as Tensor4D;
}

/** [dw, db] of Conv3x3, as one tfjs kernel call with two outputs. */
export function conv3x3FilterGrad(x: Tensor4D, dy: Tensor4D, y: Tensor4D | undefined): [Tensor4D, tf.Tensor1D] {
  const inputs: Conv3x3FilterGradInputs = y ? { x, dy, y } : { x, dy };
  return tf.engine().runKernel(CONV3X3_FILTER_GRAD, inputs as unknown as NamedTensorMap) as unknown as [
    Tensor4D,
    tf.Tensor1D,
  ];
}

tf.registerGradient({
  kernelName: CONV3X3,
  inputsToSave: ['x', 'w'],
  outputsToSave: [true],
  gradFunc: (dy: Tensor | Tensor[], saved: Tensor[], attrs: tf.NamedAttrMap) => {
    const [x, w, output] = saved as [Tensor4D, Tensor4D, Tensor4D];
    const { relu } = attrs as unknown as Conv3x3Attrs;
    const y = relu ? output : undefined;
    const out = dy as Tensor4D;
    // One kernel gives both; taken here rather than inside w or b, because the tape tidies up after each of those.
    const [dw, db] = conv3x3FilterGrad(x, out, y);
    return {
      x: () => conv3x3InputGrad(out, w, y),
      w: () => dw,
      b: () => db,
      skip: () => (y ? tf.mul(out, tf.step(y)) : tf.clone(out)),
    };
  },
});

function assertShapes(x: Tensor4D, w: Tensor4D, b: tf.Tensor1D, skip: Tensor4D | undefined): void {
  const [n, h, width, channels] = x.shape;
  const [rows, columns, cin, cout] = w.shape;
  if (rows !== 3 || columns !== 3 || cin !== channels) {
    throw new Error(
      `Conv3x3: the filter [${w.shape}] does not fit the input [${x.shape}]; it must be [3,3,${channels},cout].`,
    );
  }
  if (b.shape.length !== 1 || b.shape[0] !== cout) {
    throw new Error(`Conv3x3: the bias [${b.shape}] must be [${cout}].`);
  }
  if (skip && (skip.shape[0] !== n || skip.shape[1] !== h || skip.shape[2] !== width || skip.shape[3] !== cout)) {
    throw new Error(`Conv3x3: the skip [${skip.shape}] must be [${[n, h, width, cout]}].`);
  }
}
