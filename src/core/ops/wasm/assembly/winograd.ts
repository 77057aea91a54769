/**
 * Winograd's minimal filtering F(4×4, 3×3): sixteen neighbouring results of a 3×3 convolution from 36 products per pair
 * of channels instead of 144 (Winograd 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
 *
 *   Y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ d B) ] A      d 6×6 input patch, w 3×3 filter, Y 4×4 results.
 *
 * The five finite points are 0, ±P, ±Q with P = 1/√2, Q = √2, which round less than the usual 0, ±1, ±2. The gradient of
 * the filter is the adjoint of the same expression: dw = Gᵀ [ (Bᵀ d B) ⊙ (A dY Aᵀ) ] G.
 *
 * Every function transforms four channels (one vector) of one patch. A transformed patch is 36 vectors, `slab` bytes apart.
 */
import { madd, QUAD, whereActive } from './lanes';

const P: f32 = 0.70710678118654752;
const Q: f32 = 1.41421356237309505;
const PP: f32 = 0.5;
const QQ: f32 = 2.0;
/** 1 / N of G's rows: N₀ = P²Q², N_P = 2P²(P²−Q²), N_Q = 2Q²(Q²−P²). */
const OVER_N0: f32 = 1.0;
const OVER_NP: f32 = -0.66666666666666667;
const OVER_NQ: f32 = 0.16666666666666667;

/** Room for one patch of 6×6 vectors between the two passes of a transform. */
export const PATCH_BYTES: usize = 36 * QUAD;

/**
 * Bᵀ d B of the patch whose first vector lies `at` bytes into `input`, its rows and columns `row` and `column` bytes apart.
 * With `mask` (else 0), laid out like `input`, a number counts only where the mask's is positive.
 */
export function transformInput(input: usize, mask: usize, at: usize, row: usize, column: usize, out: usize, slab: usize, between: usize): void {
  if (mask) {
    for (let j: usize = 0; j < 6; ++j) {
      inputColumn(input, mask, at, row, between + j * QUAD);
      at += column;
    }
  } else {
    for (let j: usize = 0; j < 6; ++j) {
      inputColumn(input, 0, at, row, between + j * QUAD);
      at += column;
    }
  }
  for (let i: usize = 0; i < 6; ++i) {
    inputPass(
      v128.load(between), v128.load(between, 16), v128.load(between, 32),
      v128.load(between, 48), v128.load(between, 64), v128.load(between, 80), out, slab,
    );
    between += 6 * QUAD;
    out += 6 * slab;
  }
}

// @ts-ignore: decorator
@inline
function inputColumn(input: usize, mask: usize, at: usize, row: usize, to: usize): void {
  const d0 = fetch(input, mask, at);
  const d1 = fetch(input, mask, at + row);
  const d2 = fetch(input, mask, at + 2 * row);
  const d3 = fetch(input, mask, at + 3 * row);
  const d4 = fetch(input, mask, at + 4 * row);
  const d5 = fetch(input, mask, at + 5 * row);
  inputPass(d0, d1, d2, d3, d4, d5, to, 6 * QUAD);
}

// @ts-ignore: decorator
@inline
function fetch(base: usize, mask: usize, at: usize): v128 {
  const value = v128.load(base + at);
  return mask ? whereActive(value, v128.load(mask + at)) : value;
}

// @ts-ignore: decorator
@inline
function inputPass(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, stride: usize): void {
  const minusQQ = f32x4.splat(-QQ);
  const minusPP = f32x4.splat(-PP);
  const minusSum = f32x4.splat(-(PP + QQ));
  v128.store(to, madd(minusSum, d2, f32x4.add(d0, d4)));
  const evenP = madd(minusQQ, d2, d4);
  const oddP = f32x4.mul(f32x4.splat(P), madd(minusQQ, d1, d3));
  v128.store(to + stride, f32x4.add(evenP, oddP));
  v128.store(to + 2 * stride, f32x4.sub(evenP, oddP));
  const evenQ = madd(minusPP, d2, d4);
  const oddQ = f32x4.mul(f32x4.splat(Q), madd(minusPP, d1, d3));
  v128.store(to + 3 * stride, f32x4.add(evenQ, oddQ));
  v128.store(to + 4 * stride, f32x4.sub(evenQ, oddQ));
  v128.store(to + 5 * stride, madd(minusSum, d3, f32x4.add(d1, d5)));
}

/**
 * Aᵀ m A, finished: 4×4 times max(result + bias [+ skip], floor). The first is stored `at` bytes into `output`, where its
 * skip lies in `skip` (0: none); rows and columns are `row` and `column` bytes apart.
 */
export function transformOutput(
  source: usize, slab: usize, between: usize,
  output: usize, skip: usize, at: usize, row: usize, column: usize, bias: v128, floor: v128,
): void {
  for (let j: usize = 0; j < 6; ++j) {
    const m1 = v128.load(source + 6 * slab);
    const m2 = v128.load(source + 12 * slab);
    const m3 = v128.load(source + 18 * slab);
    const m4 = v128.load(source + 24 * slab);
    const sumP = f32x4.add(m1, m2), sumQ = f32x4.add(m3, m4);
    const differenceP = f32x4.mul(f32x4.splat(P), f32x4.sub(m1, m2));
    const differenceQ = f32x4.mul(f32x4.splat(Q), f32x4.sub(m3, m4));
    const to = between + j * QUAD;
    v128.store(to, f32x4.add(v128.load(source), f32x4.add(sumP, sumQ)));
    v128.store(to, f32x4.add(differenceP, differenceQ), 96);
    v128.store(to, madd(f32x4.splat(PP), sumP, f32x4.mul(f32x4.splat(QQ), sumQ)), 192);
    const last = v128.load(source + 30 * slab);
    v128.store(to, madd(f32x4.splat(PP), differenceP, madd(f32x4.splat(QQ), differenceQ, last)), 288);
    source += slab;
  }
  for (let i = 0; i < 4; ++i) {
    const m1 = v128.load(between, 16), m2 = v128.load(between, 32), m3 = v128.load(between, 48), m4 = v128.load(between, 64);
    const sumP = f32x4.add(m1, m2), sumQ = f32x4.add(m3, m4);
    const differenceP = f32x4.mul(f32x4.splat(P), f32x4.sub(m1, m2));
    const differenceQ = f32x4.mul(f32x4.splat(Q), f32x4.sub(m3, m4));
    finish(f32x4.add(v128.load(between), f32x4.add(sumP, sumQ)), output, skip, at, bias, floor);
    finish(f32x4.add(differenceP, differenceQ), output, skip, at + column, bias, floor);
    finish(madd(f32x4.splat(PP), sumP, f32x4.mul(f32x4.splat(QQ), sumQ)), output, skip, at + 2 * column, bias, floor);
    const last = madd(f32x4.splat(PP), differenceP, madd(f32x4.splat(QQ), differenceQ, v128.load(between, 80)));
    finish(last, output, skip, at + 3 * column, bias, floor);
    between += 6 * QUAD;
    at += row;
  }
}

// @ts-ignore: decorator
@inline
function finish(value: v128, output: usize, skip: usize, at: usize, bias: v128, floor: v128): void {
  let sum = f32x4.add(value, bias);
  if (skip) sum = f32x4.add(sum, v128.load(skip + at));
  v128.store(output + at, f32x4.max(sum, floor));
}

/**
 * A dY Aᵀ of the 4×4 output gradients from `at` bytes into `dy` on, arranged and masked as in `transformInput`.
 * Returns the sum of the sixteen.
 */
export function transformOutputGradient(dy: usize, mask: usize, at: usize, row: usize, column: usize, out: usize, slab: usize, between: usize): v128 {
  let sum = f32x4.splat(0);
  for (let j: usize = 0; j < 4; ++j) {
    const g0 = fetch(dy, mask, at);
    const g1 = fetch(dy, mask, at + row);
    const g2 = fetch(dy, mask, at + 2 * row);
    const g3 = fetch(dy, mask, at + 3 * row);
    sum = f32x4.add(sum, f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3)));
    outputGradientPass(g0, g1, g2, g3, between + j * QUAD, 4 * QUAD);
    at += column;
  }
  for (let i: usize = 0; i < 6; ++i) {
    outputGradientPass(v128.load(between), v128.load(between, 16), v128.load(between, 32), v128.load(between, 48), out, slab);
    between += 4 * QUAD;
    out += 6 * slab;
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function outputGradientPass(g0: v128, g1: v128, g2: v128, g3: v128, to: usize, stride: usize): void {
  v128.store(to, g0);
  const evenP = madd(f32x4.splat(PP), g2, g0);
  const oddP = f32x4.mul(f32x4.splat(P), madd(f32x4.splat(PP), g3, g1));
  v128.store(to + stride, f32x4.add(evenP, oddP));
  v128.store(to + 2 * stride, f32x4.sub(evenP, oddP));
  const evenQ = madd(f32x4.splat(QQ), g2, g0);
  const oddQ = f32x4.mul(f32x4.splat(Q), madd(f32x4.splat(QQ), g3, g1));
  v128.store(to + 3 * stride, f32x4.add(evenQ, oddQ));
  v128.store(to + 4 * stride, f32x4.sub(evenQ, oddQ));
  v128.store(to + 5 * stride, g3);
}

/** G w Gᵀ: a 3×3 filter (9 vectors in rows) to 36 vectors. */
export function transformFilter(source: usize, out: usize, slab: usize, between: usize): void {
  for (let j: usize = 0; j < 3; ++j) {
    filterPass(source, 3 * QUAD, between + j * QUAD, 3 * QUAD);
    source += QUAD;
  }
  for (let i = 0; i < 6; ++i) {
    filterPass(between, QUAD, out, slab);
    between += 3 * QUAD;
    out += 6 * slab;
  }
}

// @ts-ignore: decorator
@inline
function filterPass(from: usize, step: usize, to: usize, stride: usize): void {
  const w0 = v128.load(from);
  const w1 = v128.load(from + step);
  const w2 = v128.load(from + 2 * step);
  v128.store(to, f32x4.mul(f32x4.splat(OVER_N0), w0));
  const evenP = f32x4.mul(f32x4.splat(OVER_NP), madd(f32x4.splat(PP), w2, w0));
  const oddP = f32x4.mul(f32x4.splat(P * OVER_NP), w1);
  v128.store(to + stride, f32x4.add(evenP, oddP));
  v128.store(to + 2 * stride, f32x4.sub(evenP, oddP));
  const evenQ = f32x4.mul(f32x4.splat(OVER_NQ), madd(f32x4.splat(QQ), w2, w0));
  const oddQ = f32x4.mul(f32x4.splat(Q * OVER_NQ), w1);
  v128.store(to + 3 * stride, f32x4.add(evenQ, oddQ));
  v128.store(to + 4 * stride, f32x4.sub(evenQ, oddQ));
  v128.store(to + 5 * stride, w2);
}

/** Gᵀ u G: 36 vectors to a 3×3 filter gradient, written to `out` as 9 vectors in rows. */
export function transformFilterGradient(source: usize, slab: usize, out: usize, between: usize): void {
  for (let j: usize = 0; j < 6; ++j) {
    filterGradientPass(source, 6 * slab, between + j * QUAD, 6 * QUAD);
    source += slab;
  }
  for (let i = 0; i < 3; ++i) {
    filterGradientPass(between, QUAD, out, QUAD);
    between += 6 * QUAD;
    out += 3 * QUAD;
  }
}

// @ts-ignore: decorator
@inline
function filterGradientPass(from: usize, step: usize, to: usize, stride: usize): void {
  const u1 = v128.load(from + step);
  const u2 = v128.load(from + 2 * step);
  const u3 = v128.load(from + 3 * step);
  const u4 = v128.load(from + 4 * step);
  const sumP = f32x4.mul(f32x4.splat(OVER_NP), f32x4.add(u1, u2));
  const sumQ = f32x4.mul(f32x4.splat(OVER_NQ), f32x4.add(u3, u4));
  v128.store(to, madd(f32x4.splat(OVER_N0), v128.load(from), f32x4.add(sumP, sumQ)));
  const differenceP = f32x4.mul(f32x4.splat(P * OVER_NP), f32x4.sub(u1, u2));
  const differenceQ = f32x4.mul(f32x4.splat(Q * OVER_NQ), f32x4.sub(u3, u4));
  v128.store(to + stride, f32x4.add(differenceP, differenceQ));
  v128.store(to + 2 * stride, f32x4.add(madd(f32x4.splat(PP), sumP, f32x4.mul(f32x4.splat(QQ), sumQ)), v128.load(from + 5 * step)));
}
