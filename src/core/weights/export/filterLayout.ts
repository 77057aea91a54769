/** Filters [kh,kw,cin,cout] of `taps` = kh·kw as PyTorch and ONNX keep them, [cout,cin,kh,kw]. */
export function outputsFirst(filter: Float32Array, taps: number, inputs: number, outputs: number): Float32Array {
  const result = new Float32Array(filter.length);
  let at = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < taps; tap++) result[at++] = filter[(tap * inputs + i) * outputs + o]!;
    }
  }
  return result;
}
