/** Activations of one image: height × width × channels, channels innermost. */
export interface Activations {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** A convolution's parameters, packed for `convolve` by `packFilter`. */
export interface PackedFilter {
  /** Side of the square kernel. */
  readonly side: number;
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs / 4][side · side · inputs][4]. */
  readonly panels: Float32Array;
  readonly bias: Float32Array;
}

/** Pixels that are gathered at a time; four of them are computed together. */
const GATHERED = 16;

/** Packs PyTorch's order [outputs, inputs, side, side]. `outputs` must be a multiple of four. */
export function packFilter(weights: Float32Array, bias: Float32Array, inputs: number, side: number): PackedFilter {
  const outputs = bias.length;
  const depth = side * side * inputs;
  const panels = new Float32Array(outputs * depth);
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      for (let t = 0; t < side * side; t++) {
        panels[((o >> 2) * depth + t * inputs + c) * 4 + (o & 3)] = weights[(o * inputs + c) * side * side + t]!;
      }
    }
  }
  return { side, inputs, outputs, panels, bias };
}

/**
 * max(0, x ∗ w + b), zero padding. Patches of sixteen pixels are gathered into rows, then multiplied in tiles of four
 * pixels by four outputs, so that each loaded number is used four times: about 1.5 billion multiplications a second in plain JavaScript.
 */
export function convolve(x: Activations, filter: PackedFilter, stride: number, padding: number): Activations {
  const { side, outputs } = filter;
  const width = Math.floor((x.width + 2 * padding - side) / stride) + 1;
  const height = Math.floor((x.height + 2 * padding - side) / stride) + 1;
  if (width < 1 || height < 1)
    throw new RangeError(`An image of ${x.width} × ${x.height} is too small for this network.`);
  const data = new Float32Array(width * height * outputs);
  const patches = new Float32Array(GATHERED * side * side * filter.inputs);
  for (let first = 0; first < width * height; first += GATHERED) {
    const count = Math.min(GATHERED, width * height - first);
    for (let i = 0; i < count; i++) {
      const pixel = first + i;
      gather(x, (pixel % width) * stride - padding, Math.floor(pixel / width) * stride - padding, side, patches, i);
    }
    for (let i = 0; i < count; i += 4) multiply(patches, i, filter, data, first + i, Math.min(4, count - i));
  }
  return { width, height, channels: outputs, data };
}

function gather(x: Activations, left: number, top: number, side: number, patches: Float32Array, slot: number): void {
  const { channels } = x;
  const start = slot * side * side * channels;
  for (let ky = 0; ky < side; ky++) {
    const y = top + ky;
    for (let kx = 0; kx < side; kx++) {
      const column = left + kx;
      const to = start + (ky * side + kx) * channels;
      if (y < 0 || y >= x.height || column < 0 || column >= x.width) {
        patches.fill(0, to, to + channels);
      } else {
        const from = (y * x.width + column) * channels;
        for (let c = 0; c < channels; c++) patches[to + c] = x.data[from + c]!;
      }
    }
  }
}

/** Four patches from `slot` on, by all outputs; only `valid` of them are written, from pixel `pixel` on. */
function multiply(
  patches: Float32Array,
  slot: number,
  filter: PackedFilter,
  out: Float32Array,
  pixel: number,
  valid: number,
): void {
  const { outputs, panels, bias, side, inputs } = filter;
  const depth = side * side * inputs;
  const p0 = slot * depth;
  const p1 = p0 + depth;
  const p2 = p1 + depth;
  const p3 = p2 + depth;
  const sums = new Float64Array(16);
  for (let o = 0; o < outputs; o += 4) {
    let a0 = 0,
      a1 = 0,
      a2 = 0,
      a3 = 0,
      b0 = 0,
      b1 = 0,
      b2 = 0,
      b3 = 0;
    let c0 = 0,
      c1 = 0,
      c2 = 0,
      c3 = 0,
      d0 = 0,
      d1 = 0,
      d2 = 0,
      d3 = 0;
    for (let k = 0, w = o * depth; k < depth; k++, w += 4) {
      const w0 = panels[w]!,
        w1 = panels[w + 1]!,
        w2 = panels[w + 2]!,
        w3 = panels[w + 3]!;
      const x0 = patches[p0 + k]!,
        x1 = patches[p1 + k]!,
        x2 = patches[p2 + k]!,
        x3 = patches[p3 + k]!;
      a0 += x0 * w0;
      a1 += x0 * w1;
      a2 += x0 * w2;
      a3 += x0 * w3;
      b0 += x1 * w0;
      b1 += x1 * w1;
      b2 += x1 * w2;
      b3 += x1 * w3;
      c0 += x2 * w0;
      c1 += x2 * w1;
      c2 += x2 * w2;
      c3 += x2 * w3;
      d0 += x3 * w0;
      d1 += x3 * w1;
      d2 += x3 * w2;
      d3 += x3 * w3;
    }
    sums.set([a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3]);
    for (let i = 0; i < valid * 4; i++) {
      const output = o + (i & 3);
      out[(pixel + (i >> 2)) * outputs + output] = Math.max(0, sums[i]! + bias[output]!);
    }
  }
}

/** Maximum over 3×3 at stride 2. With `partial`, windows that reach over the right and lower border count too. */
export function maxPool(x: Activations, partial: boolean): Activations {
  const { channels } = x;
  const outputs = (n: number): number => (partial ? Math.ceil((n - 3) / 2) : Math.floor((n - 3) / 2)) + 1;
  const width = outputs(x.width);
  const height = outputs(x.height);
  if (width < 1 || height < 1) throw new RangeError('This image is too small for this network.');
  const data = new Float32Array(width * height * channels).fill(-Infinity);
  for (let y = 0; y < height; y++) {
    for (let column = 0; column < width; column++) {
      const to = (y * width + column) * channels;
      for (let sy = 2 * y; sy < Math.min(2 * y + 3, x.height); sy++) {
        for (let sx = 2 * column; sx < Math.min(2 * column + 3, x.width); sx++) {
          const from = (sy * x.width + sx) * channels;
          for (let c = 0; c < channels; c++) data[to + c] = Math.max(data[to + c]!, x.data[from + c]!);
        }
      }
    }
  }
  return { width, height, channels, data };
}

/** The channels of both, one after another; sizes must agree. */
export function concatenate(a: Activations, b: Activations): Activations {
  const channels = a.channels + b.channels;
  const data = new Float32Array(a.width * a.height * channels);
  for (let i = 0; i < a.width * a.height; i++) {
    data.set(a.data.subarray(i * a.channels, (i + 1) * a.channels), i * channels);
    data.set(b.data.subarray(i * b.channels, (i + 1) * b.channels), i * channels + a.channels);
  }
  return { width: a.width, height: a.height, channels, data };
}
