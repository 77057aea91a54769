import type { Pixels } from '../images/pixels.ts';
import { concatenate, convolve, maxPool, packFilter } from './convolution.ts';
import type { Activations, PackedFilter } from './convolution.ts';
import type { Metric } from './metrics.ts';

/** An array of a weights file. */
export interface LpipsArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A perceptual distance with its weights loaded. */
export interface Lpips {
  readonly network: 'alex' | 'squeeze';
  /** Distance of two images of equal size, 0 for equal ones. Throws RangeError when they differ in size or are too small. */
  distance(a: Pixels, b: Pixels): number;
}

/** Where the weights come from, for people who have none: this project ships none. */
export const lpipsOrigin =
  'LPIPS needs weights that are not part of this project: the "features" of torchvision\'s alexnet or squeezenet1_1 ' +
  '(features.0.weight, features.0.bias …) together with the linear layers of github.com/richzhang/PerceptualSimilarity, v0.1, ' +
  'alex.pth or squeeze.pth (lin0.model.1.weight …), saved as one safetensors file.';

/**
 * Learned perceptual distance (Zhang et al. 2018, version 0.1):
 * Σ over layers of mean over pixels of Σ_c lin_c (â_c − b̂_c)², with â, b̂ the activations divided by their length over channels.
 *
 * weights: torchvision's names, AlexNet or SqueezeNet 1.1, and lin0 … linK; also the `net.sliceK.N` names that the lpips
 * package saves. Throws Error that names the first array that is missing or misshapen. A pair of 481 × 321 images takes
 * 2.7 s with AlexNet and 1.5 s with SqueezeNet on one thread of a small cloud server.
 */
export function createLpips(weights: ReadonlyMap<string, LpipsArray>): Lpips {
  const named = new Map([...weights].map(([name, array]) => [name.replace(/^net\.slice\d+\./, 'features.'), array]));
  const network = named.has('features.3.squeeze.weight') ? 'squeeze' : 'alex';
  const features = network === 'alex' ? alexNet(named) : squeezeNet(named);
  const lins = layerChannels[network].map((channels, k) =>
    arrayOf(named, `lin${k}.model.1.weight`, [1, channels, 1, 1]),
  );
  return {
    network,
    distance: (a, b) => {
      if (a.width !== b.width || a.height !== b.height) {
        throw new RangeError(
          `LPIPS needs images of equal size, not ${a.width} × ${a.height} and ${b.width} × ${b.height}.`,
        );
      }
      const layersA = features(standardised(a));
      const layersB = features(standardised(b));
      return lins.reduce((sum, lin, k) => sum + layerDistance(layersA[k]!, layersB[k]!, lin), 0);
    },
  };
}

/** The row of the table of metrics for LPIPS, which is there only when its weights are. */
export function lpipsMetric(lpips: Lpips): Metric {
  return {
    name: 'lpips',
    label: 'LPIPS',
    unit: '',
    digits: 4,
    higherIsBetter: false,
    of: 'image',
    channels: null,
    headline: false,
    needsReference: true,
    compute: (output, reference) => lpips.distance(output, reference),
  };
}

type Features = (x: Activations) => Activations[];

const layerChannels = { alex: [64, 192, 384, 256, 256], squeeze: [64, 128, 256, 384, 384, 512, 512] } as const;

/** AlexNet's five convolutions after their ReLU. */
function alexNet(weights: ReadonlyMap<string, LpipsArray>): Features {
  const conv1 = filterOf(weights, 'features.0', 3, 64, 11);
  const conv2 = filterOf(weights, 'features.3', 64, 192, 5);
  const conv3 = filterOf(weights, 'features.6', 192, 384, 3);
  const conv4 = filterOf(weights, 'features.8', 384, 256, 3);
  const conv5 = filterOf(weights, 'features.10', 256, 256, 3);
  return (x) => {
    const a = convolve(x, conv1, 4, 2);
    const b = convolve(maxPool(a, false), conv2, 1, 2);
    const c = convolve(maxPool(b, false), conv3, 1, 1);
    const d = convolve(c, conv4, 1, 1);
    return [a, b, c, d, convolve(d, conv5, 1, 1)];
  };
}

/** SqueezeNet 1.1: the first convolution and the seven points between its fire modules that LPIPS looks at. */
function squeezeNet(weights: ReadonlyMap<string, LpipsArray>): Features {
  const conv = filterOf(weights, 'features.0', 3, 64, 3);
  const fire = (n: number, inputs: number, squeeze: number, expand: number): ((x: Activations) => Activations) => {
    const narrow = filterOf(weights, `features.${n}.squeeze`, inputs, squeeze, 1);
    const one = filterOf(weights, `features.${n}.expand1x1`, squeeze, expand, 1);
    const three = filterOf(weights, `features.${n}.expand3x3`, squeeze, expand, 3);
    return (x) => {
      const s = convolve(x, narrow, 1, 0);
      return concatenate(convolve(s, one, 1, 0), convolve(s, three, 1, 1));
    };
  };
  const [fire3, fire4] = [fire(3, 64, 16, 64), fire(4, 128, 16, 64)];
  const [fire6, fire7] = [fire(6, 128, 32, 128), fire(7, 256, 32, 128)];
  const [fire9, fire10] = [fire(9, 256, 48, 192), fire(10, 384, 48, 192)];
  const [fire11, fire12] = [fire(11, 384, 64, 256), fire(12, 512, 64, 256)];
  return (x) => {
    const a = convolve(x, conv, 2, 0);
    const b = fire4(fire3(maxPool(a, true)));
    const c = fire7(fire6(maxPool(b, true)));
    const d = fire9(maxPool(c, true));
    const e = fire10(d);
    const f = fire11(e);
    return [a, b, c, d, e, f, fire12(f)];
  };
}

function filterOf(
  weights: ReadonlyMap<string, LpipsArray>,
  name: string,
  inputs: number,
  outputs: number,
  side: number,
): PackedFilter {
  const filter = arrayOf(weights, `${name}.weight`, [outputs, inputs, side, side]);
  return packFilter(filter, arrayOf(weights, `${name}.bias`, [outputs]), inputs, side);
}

function arrayOf(weights: ReadonlyMap<string, LpipsArray>, name: string, shape: readonly number[]): Float32Array {
  const array = weights.get(name);
  if (!array) throw new Error(`The LPIPS weights lack ${name}. ${lpipsOrigin}`);
  if (array.shape.join() !== shape.join())
    throw new Error(`The LPIPS weights have ${name} as [${array.shape}]; it must be [${shape}].`);
  return array.data;
}

/** RGB as −1…1, then the mean and deviation of the images that the networks were trained on taken out. */
function standardised({ width, height, data }: Pixels): Activations {
  const shift = [-0.03, -0.088, -0.188];
  const scale = [0.458, 0.448, 0.45];
  const out = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out[i * 3 + c] = (data[i * 4 + c]! / 127.5 - 1 - shift[c]!) / scale[c]!;
  }
  return { width, height, channels: 3, data: out };
}

function layerDistance(a: Activations, b: Activations, lin: Float32Array): number {
  const { channels } = a;
  let sum = 0;
  for (let start = 0; start < a.data.length; start += channels) {
    const lengthA = lengthOf(a.data, start, channels);
    const lengthB = lengthOf(b.data, start, channels);
    for (let c = 0; c < channels; c++)
      sum += lin[c]! * (a.data[start + c]! / lengthA - b.data[start + c]! / lengthB) ** 2;
  }
  return (sum * channels) / a.data.length;
}

function lengthOf(data: Float32Array, start: number, count: number): number {
  let squares = 0;
  for (let i = start; i < start + count; i++) squares += data[i]! ** 2;
  return Math.sqrt(squares) + 1e-10;
}
