/**
 * The matrix products in the middle of the kernels, as register tiles: the accumulators stay in vector registers over the
 * whole inner loop (a 128-bit machine has 16; twelve accumulators, two vectors of one side and one broadcast of the other).
 */
import { madd, QUAD } from './lanes';

/** Rows of the register tile of `multiplyRows`. */
export const ROWS: i32 = 6;
/** Bytes of a panel row of eight columns. */
const WIDE: usize = 2 * QUAD;

/**
 * C[6 × columns] = A[6 × depth] · B[depth × columns].
 * A and C have rows `aRow` and `cRow` bytes apart. B is packed in panels of eight columns (then four, when columns mod 8
 * is 4), each panel row after row. `depth` and `columns` are multiples of four.
 */
export function multiplyRows(a: usize, aRow: usize, b: usize, c: usize, cRow: usize, depth: i32, columns: i32): void {
  let left = columns;
  while (left >= 8) {
    multiply6x8(a, aRow, b, c, cRow, depth);
    b += <usize>depth * WIDE;
    c += WIDE;
    left -= 8;
  }
  if (left > 0) multiply6x4(a, aRow, b, c, cRow, depth);
}

function multiply6x8(a0: usize, aRow: usize, b: usize, c: usize, cRow: usize, depth: i32): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
  const end = a0 + (<usize>depth << 2);
  while (a0 < end) {
    let b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load32_splat(a0);
    c00 = madd(s, b0, c00), c01 = madd(s, b1, c01);
    s = v128.load32_splat(a1);
    c10 = madd(s, b0, c10), c11 = madd(s, b1, c11);
    s = v128.load32_splat(a2);
    c20 = madd(s, b0, c20), c21 = madd(s, b1, c21);
    s = v128.load32_splat(a3);
    c30 = madd(s, b0, c30), c31 = madd(s, b1, c31);
    s = v128.load32_splat(a4);
    c40 = madd(s, b0, c40), c41 = madd(s, b1, c41);
    s = v128.load32_splat(a5);
    c50 = madd(s, b0, c50), c51 = madd(s, b1, c51);
    b0 = v128.load(b, 32), b1 = v128.load(b, 48);
    s = v128.load32_splat(a0, 4);
    c00 = madd(s, b0, c00), c01 = madd(s, b1, c01);
    s = v128.load32_splat(a1, 4);
    c10 = madd(s, b0, c10), c11 = madd(s, b1, c11);
    s = v128.load32_splat(a2, 4);
    c20 = madd(s, b0, c20), c21 = madd(s, b1, c21);
    s = v128.load32_splat(a3, 4);
    c30 = madd(s, b0, c30), c31 = madd(s, b1, c31);
    s = v128.load32_splat(a4, 4);
    c40 = madd(s, b0, c40), c41 = madd(s, b1, c41);
    s = v128.load32_splat(a5, 4);
    c50 = madd(s, b0, c50), c51 = madd(s, b1, c51);
    b += 64;
    a0 += 8, a1 += 8, a2 += 8, a3 += 8, a4 += 8, a5 += 8;
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10), v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20), v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30), v128.store(c, c31, 16);
  c += cRow;
  v128.store(c, c40), v128.store(c, c41, 16);
  c += cRow;
  v128.store(c, c50), v128.store(c, c51, 16);
}

function multiply6x4(a0: usize, aRow: usize, b: usize, c: usize, cRow: usize, depth: i32): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0), c4 = f32x4.splat(0), c5 = f32x4.splat(0);
  let a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
  const end = a0 + (<usize>depth << 2);
  while (a0 < end) {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a0), b0, c0);
    c1 = madd(v128.load32_splat(a1), b0, c1);
    c2 = madd(v128.load32_splat(a2), b0, c2);
    c3 = madd(v128.load32_splat(a3), b0, c3);
    c4 = madd(v128.load32_splat(a4), b0, c4);
    c5 = madd(v128.load32_splat(a5), b0, c5);
    b += QUAD;
    a0 += 4, a1 += 4, a2 += 4, a3 += 4, a4 += 4, a5 += 4;
  }
  v128.store(c, c0);
  v128.store(c + cRow, c1);
  v128.store(c + 2 * cRow, c2);
  v128.store(c + 3 * cRow, c3);
  v128.store(c + 4 * cRow, c4);
  v128.store(c + 5 * cRow, c5);
}

/**
 * C[rows × columns] += Aᵀ · B, with A [depth × rows] and B [depth × columns]: a sum of outer products.
 * All three are plain rows of their own width, without gaps; `rows` and `columns` are multiples of four.
 */
export function addOuterProducts(a: usize, b: usize, c: usize, depth: i32, rows: i32, columns: i32): void {
  const aRow = <usize>rows << 2;
  const row = <usize>columns << 2;
  for (let i = 0; i < rows; i += 4) {
    let j = 0;
    for (; j + 8 <= columns; j += 8) {
      addOuter4x8(a, aRow, b + (<usize>j << 2), row, c + (<usize>j << 2), depth);
    }
    if (j < columns) addOuter4x4(a, aRow, b + (<usize>j << 2), row, c + (<usize>j << 2), depth);
    a += QUAD;
    c += 4 * row;
  }
}

function addOuter4x8(a: usize, aRow: usize, b: usize, row: usize, c: usize, depth: i32): void {
  const c1 = c + row, c2 = c1 + row, c3 = c2 + row;
  let c00 = v128.load(c), c01 = v128.load(c, 16);
  let c10 = v128.load(c1), c11 = v128.load(c1, 16);
  let c20 = v128.load(c2), c21 = v128.load(c2, 16);
  let c30 = v128.load(c3), c31 = v128.load(c3, 16);
  for (let k = 0; k < depth; ++k) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load32_splat(a);
    c00 = madd(s, b0, c00), c01 = madd(s, b1, c01);
    s = v128.load32_splat(a, 4);
    c10 = madd(s, b0, c10), c11 = madd(s, b1, c11);
    s = v128.load32_splat(a, 8);
    c20 = madd(s, b0, c20), c21 = madd(s, b1, c21);
    s = v128.load32_splat(a, 12);
    c30 = madd(s, b0, c30), c31 = madd(s, b1, c31);
    a += aRow;
    b += row;
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(c1, c10), v128.store(c1, c11, 16);
  v128.store(c2, c20), v128.store(c2, c21, 16);
  v128.store(c3, c30), v128.store(c3, c31, 16);
}

function addOuter4x4(a: usize, aRow: usize, b: usize, row: usize, c: usize, depth: i32): void {
  let c0 = v128.load(c), c1 = v128.load(c + row), c2 = v128.load(c + 2 * row), c3 = v128.load(c + 3 * row);
  for (let k = 0; k < depth; ++k) {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a), b0, c0);
    c1 = madd(v128.load32_splat(a, 4), b0, c1);
    c2 = madd(v128.load32_splat(a, 8), b0, c2);
    c3 = madd(v128.load32_splat(a, 12), b0, c3);
    a += aRow;
    b += row;
  }
  v128.store(c, c0);
  v128.store(c + row, c1);
  v128.store(c + 2 * row, c2);
  v128.store(c + 3 * row, c3);
}
