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
import { madd, QUAD } from './lanes';

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

/** Bᵀ d B: `source` is the patch's first vector, its rows and columns `row` and `column` bytes apart. */
export function transformInput(source: usize, row: usize, column: usize, out: usize, slab: usize, between: usize): void {
  for (let j: usize = 0; j < 6; ++j) {
    inputPass(source, row, between + j * QUAD, 6 * QUAD);
    source += column;
  }
  for (let i = 0; i < 6; ++i) {
    inputPass(between, QUAD, out, slab);
    between += 6 * QUAD;
    out += 6 * slab;
  }
}

// @ts-ignore: decorator
@inline
function inputPass(from: usize, step: usize, to: usize, stride: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + step);
  const d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step);
  const d4 = v128.load(from + 4 * step);
  const d5 = v128.load(from + 5 * step);
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

/** Aᵀ m A: 36 vectors to 4×4 results, written to `out` as 16 vectors in rows. */
export function transformOutput(source: usize, slab: usize, out: usize, between: usize): void {
  for (let j: usize = 0; j < 6; ++j) {
    outputPass(source, 6 * slab, between + j * QUAD, 6 * QUAD);
    source += slab;
  }
  for (let i = 0; i < 4; ++i) {
    outputPass(between, QUAD, out, QUAD);
    between += 6 * QUAD;
    out += 4 * QUAD;
  }
}

// @ts-ignore: decorator
@inline
function outputPass(from: usize, step: usize, to: usize, stride: usize): void {
  const m1 = v128.load(from + step);
  const m2 = v128.load(from + 2 * step);
  const sumP = f32x4.add(m1, m2);
  const differenceP = f32x4.mul(f32x4.splat(P), f32x4.sub(m1, m2));
  const m3 = v128.load(from + 3 * step);
  const m4 = v128.load(from + 4 * step);
  const sumQ = f32x4.add(m3, m4);
  const differenceQ = f32x4.mul(f32x4.splat(Q), f32x4.sub(m3, m4));
  v128.store(to, f32x4.add(v128.load(from), f32x4.add(sumP, sumQ)));
  v128.store(to + stride, f32x4.add(differenceP, differenceQ));
  const pp = f32x4.splat(PP);
  const qq = f32x4.splat(QQ);
  v128.store(to + 2 * stride, madd(pp, sumP, f32x4.mul(qq, sumQ)));
  v128.store(to + 3 * stride, madd(pp, differenceP, madd(qq, differenceQ, v128.load(from + 5 * step))));
}

/** A dY Aᵀ: a 4×4 patch of output gradients (16 vectors in rows) to 36 vectors. */
export function transformOutputGradient(source: usize, out: usize, slab: usize, between: usize): void {
  for (let j: usize = 0; j < 4; ++j) {
    outputGradientPass(source, 4 * QUAD, between + j * QUAD, 4 * QUAD);
    source += QUAD;
  }
  for (let i = 0; i < 6; ++i) {
    outputGradientPass(between, QUAD, out, slab);
    between += 4 * QUAD;
    out += 6 * slab;
  }
}

// @ts-ignore: decorator
@inline
function outputGradientPass(from: usize, step: usize, to: usize, stride: usize): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + step);
  const g2 = v128.load(from + 2 * step);
  const g3 = v128.load(from + 3 * step);
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
