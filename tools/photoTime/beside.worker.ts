import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web/wasm';
import ortModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortBinaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { edsrOnnx } from '../bench/onnxModel.ts';
import { isEdsr } from '../../src/core/architectures/edsr.ts';
import { browserHost } from '../../src/browser/backendHost/browserHost.ts';
import { createBackend } from '../../src/core/backend/chooseBackend.ts';
import { createPixels, cropPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { tensorOfImages } from '../../src/core/images/tensors.ts';
import { derain, pixelSource } from '../../src/core/inference/derain.ts';
import { createDerainer } from '../../src/core/inference/derainer.ts';
import type { AsyncDerainer, CoarseResult, Derainer } from '../../src/core/inference/derainer.ts';
import { applyResidual, takeResidual } from '../../src/core/inference/residual.ts';
import { fitTile } from '../../src/core/inference/tileSize.ts';
import { planTiles } from '../../src/core/inference/tiles.ts';
import type { Size, Tile } from '../../src/core/inference/tiles.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { decodeModel } from '../../src/core/weights/modelFile.ts';
import type { ModelFile } from '../../src/core/weights/modelFile.ts';

export interface BesideRequest {
  /** Our engine alone, or it and onnxruntime-web in turns (an EDSR only). */
  readonly what: 'engine' | 'beside';
  /** The student's file, base64. */
  readonly student: string;
  readonly width: number;
  readonly height: number;
  /** Only every n-th tile is worked on (of the engine alone: the first n-th of the tiles); the times are scaled up. */
  readonly every: number;
}

/** Milliseconds for the whole photo by our engine alone, from bytes to bytes, at every octave that the network knows. */
export interface EngineTimes {
  readonly engineMs: number;
  /** The part within the network itself; the rest turns bytes into numbers and back. */
  readonly networkMs: number;
  readonly threads: number;
  readonly tile: string;
}

/** Milliseconds for the whole photo, from bytes to bytes. */
export interface BesideTimes {
  readonly oursMs: number;
  readonly onnxMs: number;
  /** Greatest difference of two result bytes, levels. */
  readonly differ: number;
}

/** What turns the pixels of a tile's source into the network's output, [h · w · 3] in 0…1. */
type Run = (given: Pixels) => Promise<Float32Array>;

const TILE_SIDE = 512;
/** Tiles that one engine does before the other has its turn. */
const TURN = 2;

addEventListener('message', async ({ data }: MessageEvent<BesideRequest>) => {
  try {
    const { threads } = await createBackend(browserHost).choose('wasm');
    postMessage(data.what === 'engine' ? await timeEngine(data, threads) : await compare(data, threads));
  } catch (error) {
    postMessage({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

function studentOf({ student }: BesideRequest): Extract<ModelFile, { readonly role: 'student' }> {
  const model = decodeModel(Uint8Array.from(atob(student), (character) => character.charCodeAt(0)));
  if (model.role !== 'student') throw new Error('A teacher is not timed.');
  return model;
}

/** Tiles in raster order with nothing between them: no bitmaps, no stage, no storage. */
async function timeEngine(request: BesideRequest, threads: number): Promise<EngineTimes> {
  const network = createDerainer(studentOf(request));
  const spent = { ms: 0 };
  const image = grainy(request.width, request.height);
  const tile = fitTile(image, TILE_SIDE, network.radius);
  await runEngine(timedNetwork(network, spent), cropPixels(image, 0, 0, tile.width, tile.height), tile, 1); // warms caches
  spent.ms = 0;
  const engineMs = await runEngine(timedNetwork(network, spent), image, tile, request.every);
  network.dispose();
  return { engineMs, networkMs: spent.ms, threads, tile: `${tile.width} × ${tile.height}` };
}

async function runEngine(network: AsyncDerainer, image: Pixels, tile: Size, every: number): Promise<number> {
  const started = performance.now();
  let [finest, tiles, done] = [started, 0, 0];
  const facts = derain({
    image: pixelSource(image),
    network,
    tile,
    order: 'rows',
    strength: 1,
    yieldToEventLoop: async () => {},
    now: () => performance.now(),
    stop: { aborted: false },
  });
  for await (const fact of facts) {
    if (fact.type === 'planned') tiles = fact.tiles;
    if (fact.type === 'octaveDone') finest = performance.now();
    if (fact.type === 'tiled' && ++done >= tiles / every) break;
  }
  return finest - started + (performance.now() - finest) * (tiles / done);
}

/** The same network; the time within it is added to `spent`. */
function timedNetwork(network: Derainer, spent: { ms: number }): AsyncDerainer {
  return {
    ...network,
    octaves: (height, width) => network.octaves(height, width),
    derain: async (x, coarse: CoarseResult | null = null) => {
      const started = performance.now();
      const made = network.derain(x, coarse);
      await made.y.data();
      spent.ms += performance.now() - started;
      return made;
    },
  };
}

async function compare(request: BesideRequest, threads: number): Promise<BesideTimes> {
  const model = studentOf(request);
  const { shape, weights } = model;
  const { width, height, every } = request;
  if (!isEdsr(shape)) throw new Error('onnxruntime is only given an EDSR.');
  const network = createDerainer(model);
  const ours: Run = async (given) => {
    const x = tensorOfImages([given]);
    const { y } = network.derain(x);
    const values = (await y.data()) as Float32Array;
    tf.dispose([x, y]);
    return values;
  };
  const image = grainy(width, height);
  const tile = fitTile(image, TILE_SIDE, network.radius);
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: ortModuleUrl, wasm: ortBinaryUrl };
  const session = await ort.InferenceSession.create(edsrOnnx(shape, weights, tile.height, tile.width), {
    executionProviders: ['wasm'],
  });
  const onnx: Run = async (given) => {
    const { y } = await session.run({
      x: new ort.Tensor('float32', toPlanes(given), [1, 3, given.height, given.width]),
    });
    return fromPlanes(y!.data as Float32Array);
  };
  const plan = planTiles(image, tile, network.radius);
  const tiles = plan.filter((_, i) => i % every === 0);
  const scale = plan.length / tiles.length;
  await Promise.all([ours, onnx].map((run) => derained(run, image, tiles[0]!))); // warms caches
  let [oursMs, onnxMs, differ] = [0, 0, 0];
  for (let i = 0; i < tiles.length; i += TURN) {
    const turn = tiles.slice(i, i + TURN);
    const mine = await timed(ours, image, turn);
    const theirs = await timed(onnx, image, turn);
    oursMs += mine.ms * scale;
    onnxMs += theirs.ms * scale;
    mine.results.forEach(({ data }, k) =>
      data.forEach((value, at) => (differ = Math.max(differ, Math.abs(value - theirs.results[k]!.data[at]!)))),
    );
  }
  return { oursMs, onnxMs, differ };
}

async function timed(run: Run, image: Pixels, tiles: readonly Tile[]): Promise<{ ms: number; results: Pixels[] }> {
  const started = performance.now();
  const results: Pixels[] = [];
  for (const tile of tiles) results.push(await derained(run, image, tile));
  return { ms: performance.now() - started, results };
}

async function derained(run: Run, image: Pixels, { source, inner }: Tile): Promise<Pixels> {
  const given = cropPixels(image, source.left, source.top, source.width, source.height);
  const residual = takeResidual(await run(given), given, source, inner);
  return applyResidual(cropPixels(image, inner.left, inner.top, inner.width, inner.height), residual, 1);
}

function grainy(width: number, height: number): Pixels {
  const random = randomFromSeed(12);
  const image = createPixels(width, height);
  for (let p = 0; p < image.data.length; p++) if (p % 4 !== 3) image.data[p] = 90 + ((p >> 12) & 63) + random.below(30);
  return image;
}

/** RGBA bytes → [3,h,w] in 0…1. */
function toPlanes({ width, height, data }: Pixels): Float32Array {
  const size = width * height;
  const planes = new Float32Array(3 * size);
  for (let i = 0, p = 0; i < size; i++, p += 4) {
    planes[i] = data[p]! / 255;
    planes[i + size] = data[p + 1]! / 255;
    planes[i + 2 * size] = data[p + 2]! / 255;
  }
  return planes;
}

/** [3,h,w] → [h,w,3]. */
function fromPlanes(planes: Float32Array): Float32Array {
  const size = planes.length / 3;
  const values = new Float32Array(planes.length);
  for (let i = 0, at = 0; i < size; i++) {
    values[at++] = planes[i]!;
    values[at++] = planes[i + size]!;
    values[at++] = planes[i + 2 * size]!;
  }
  return values;
}
