import type { LpipsArray } from './lpips.ts';

/** `weight` of reference.py. */
function weight(shape: readonly number[], salt: number, scale: number): LpipsArray {
  const count = shape.reduce((product, side) => product * side, 1);
  return {
    shape,
    data: Float32Array.from({ length: count }, (_, i) => (((i * 7919 + salt * 104729) % 2003) / 1001 - 1) * scale),
  };
}

function addConv(
  into: Map<string, LpipsArray>,
  name: string,
  salt: number,
  inputs: number,
  outputs: number,
  side: number,
): void {
  into.set(`${name}.weight`, weight([outputs, inputs, side, side], salt, Math.sqrt(6 / (inputs * side * side))));
  into.set(`${name}.bias`, weight([outputs], salt + 1000, 0.1));
}

function addLins(into: Map<string, LpipsArray>, channels: readonly number[]): void {
  channels.forEach((count, k) => {
    const { shape, data } = weight([1, count, 1, 1], 500 + k, 1);
    into.set(`lin${k}.model.1.weight`, { shape, data: data.map(Math.abs) });
  });
}

/** Made-up weights in AlexNet’s layout, as `reference.py` has them. */
export function alexWeights(prefix: string): Map<string, LpipsArray> {
  const weights = new Map<string, LpipsArray>();
  for (const [n, inputs, outputs, side] of [
    [0, 3, 64, 11],
    [3, 64, 192, 5],
    [6, 192, 384, 3],
    [8, 384, 256, 3],
    [10, 256, 256, 3],
  ] as const) {
    addConv(weights, `${prefix}${n}`, n, inputs, outputs, side);
  }
  addLins(weights, [64, 192, 384, 256, 256]);
  return weights;
}

/** Likewise in SqueezeNet’s layout. */
export function squeezeWeights(): Map<string, LpipsArray> {
  const weights = new Map<string, LpipsArray>();
  addConv(weights, 'features.0', 0, 3, 64, 3);
  const fires = [
    [3, 64, 16, 64],
    [4, 128, 16, 64],
    [6, 128, 32, 128],
    [7, 256, 32, 128],
    [9, 256, 48, 192],
    [10, 384, 48, 192],
    [11, 384, 64, 256],
    [12, 512, 64, 256],
  ] as const;
  for (const [n, inputs, squeeze, expand] of fires) {
    addConv(weights, `features.${n}.squeeze`, n, inputs, squeeze, 1);
    addConv(weights, `features.${n}.expand1x1`, n + 100, squeeze, expand, 1);
    addConv(weights, `features.${n}.expand3x3`, n + 200, squeeze, expand, 3);
  }
  addLins(weights, [64, 128, 256, 384, 384, 512, 512]);
  return weights;
}
