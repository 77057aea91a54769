/**
 * Smooths scattered light where surface and distance stay the same: four passes of a 5×5 filter with growing holes
 * (Dammertz et al. 2010, edge-avoiding à-trous). light [h·w·3], guide [h·w·4]: normal and distance.
 */
export function smoothLight(light: Float32Array, guide: Float32Array, width: number, height: number): Float32Array {
  let from = light;
  for (let pass = 0; pass < 4; pass++) from = smooth(from, guide, width, height, 1 << pass);
  return from;
}

const taps = [1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16];

function smooth(light: Float32Array, guide: Float32Array, width: number, height: number, hole: number): Float32Array {
  const out = new Float32Array(light.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const nx = guide[4 * i]!;
      const ny = guide[4 * i + 1]!;
      const nz = guide[4 * i + 2]!;
      const depth = guide[4 * i + 3]!;
      const scale = 1 / (0.02 * depth * hole + 1e-3);
      let [r, g, b, total] = [0, 0, 0, 0];
      for (let v = -2; v <= 2; v++) {
        const py = y + v * hole;
        if (py < 0 || py >= height) continue;
        for (let u = -2; u <= 2; u++) {
          const px = x + u * hole;
          if (px < 0 || px >= width) continue;
          const j = py * width + px;
          const alike = nx * guide[4 * j]! + ny * guide[4 * j + 1]! + nz * guide[4 * j + 2]!;
          const near = 1 - Math.abs(guide[4 * j + 3]! - depth) * scale;
          if ((alike < 0.75 || near <= 0) && j !== i) continue;
          const weight = taps[u + 2]! * taps[v + 2]! * (j === i ? 1 : near * alike * alike * alike * alike);
          r += weight * light[3 * j]!;
          g += weight * light[3 * j + 1]!;
          b += weight * light[3 * j + 2]!;
          total += weight;
        }
      }
      out[3 * i] = r / total;
      out[3 * i + 1] = g / total;
      out[3 * i + 2] = b / total;
    }
  }
  return out;
}
