/** Copies of parts of tensors; small enough that threads would not help. */

/**
 * Copies the block of size [n,h,w,c] that starts at [n0,h0,w0,c0] of x [?,height,width,channels] to y. All float32.
 */
export function copySlice(
  x: usize, y: usize, height: i32, width: i32, channels: i32,
  n0: i32, h0: i32, w0: i32, c0: i32, n: i32, h: i32, w: i32, c: i32,
): void {
  const whole = c == channels; // then a row of pixels is one piece
  const pieces = whole ? 1 : w;
  const bytes = <usize>(whole ? w * c : c) << 2;
  const step = <usize>channels << 2;
  for (let i = n0; i < n0 + n; ++i) {
    for (let j = h0; j < h0 + h; ++j) {
      let from = x + (<usize>(((i * height + j) * width + w0) * channels + c0) << 2);
      for (let k = 0; k < pieces; ++k) {
        memory.copy(y, from, bytes);
        y += bytes;
        from += step;
      }
    }
  }
}

/** Copies x [rows,count] to the first columns of y's rows, which are `width` numbers apart. All float32. */
export function copyColumns(x: usize, y: usize, rows: i32, count: i32, width: i32): void {
  const skipped = <usize>(width - count) << 2;
  for (let i = 0; i < rows; ++i) {
    let left = count;
    for (; left >= 4; left -= 4) {
      v128.store(y, v128.load(x));
      x += 16;
      y += 16;
    }
    for (; left > 0; --left) {
      store<f32>(y, load<f32>(x));
      x += 4;
      y += 4;
    }
    y += skipped;
  }
}
