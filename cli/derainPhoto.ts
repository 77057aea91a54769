import { parameterCount } from '../src/core/architectures/registry.ts';
import { derain, pixelSource } from '../src/core/inference/derain.ts';
import { createDerainer, selfEnsemble } from '../src/core/inference/derainer.ts';
import type { AsyncDerainer, Derainer } from '../src/core/inference/derainer.ts';
import type { Size } from '../src/core/inference/tiles.ts';
import { rainMapOf } from '../src/core/inference/residual.ts';
import type { Residual } from '../src/core/inference/residual.ts';
import { chooseTile } from '../src/core/inference/tileSize.ts';
import { createPixels } from '../src/core/images/pixels.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { shapesOf } from '../src/core/weights/modelFile.ts';
import type { ModelFile } from '../src/core/weights/modelFile.ts';
import { readModel } from './modelPath.ts';
import type { ModelPath } from './modelPath.ts';

/** A model from a file, on the current backend. */
export interface LoadedModel {
  readonly role: ModelFile['role'];
  readonly parameters: number;
  readonly network: Derainer | AsyncDerainer;
  /** Size of its tiles, where it cannot be chosen. */
  readonly tile?: Size;
}

/** What is left of a photo without its rain, and the rain map that a teacher found (a student finds none). */
export interface DerainedPhoto {
  readonly derained: Pixels;
  readonly rainMap: Pixels | null;
  /** What was found, tile by tile; empty unless it was asked for. */
  readonly residuals: readonly Residual[];
}

/**
 * Loads a student's, a teacher's or a published network's file; with `ensemble`, to average eight rotated and mirrored passes.
 * Rejects with an Error that names the file.
 */
export async function loadModel(path: ModelPath, ensemble: boolean): Promise<LoadedModel> {
  const model = await readModel(path);
  const network = createDerainer(model);
  const parameters = shapesOf(model).reduce((sum, shape) => sum + parameterCount(shape), 0);
  return { role: model.role, parameters, network: ensemble ? selfEnsemble(network) : network };
}

/** What the tensors of one tile may take, bytes. */
const TILE_BYTES = 700e6;
/** What those of a whole image may take, where a network needs it at once. */
const WHOLE_IMAGE_BYTES = 2.5e9;

/** Removes rain from a whole photo. `strength` 1 removes all of what the network finds, 0…1.5. */
export async function derainPhoto(
  { network, tile: fixedTile }: LoadedModel,
  image: Pixels,
  strength: number,
  keepResiduals = false,
): Promise<DerainedPhoto> {
  const memoryBytes = network.radius === Infinity ? WHOLE_IMAGE_BYTES : TILE_BYTES;
  const limits = { msPerPixel: 0, radius: network.radius, alive: network.alive, memoryBytes };
  const tile = fixedTile ?? chooseTile(image, { ...limits, patienceMs: Infinity });
  const derained = createPixels(image.width, image.height);
  let rainMap: Pixels | null = null;
  const residuals: Residual[] = [];
  const stop = { aborted: false };
  const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  for await (const fact of derain({
    image: pixelSource(image),
    network,
    tile,
    order: 'rows',
    strength,
    yieldToEventLoop,
    stop,
    now: () => performance.now(),
  })) {
    if (fact.type !== 'tiled') continue;
    if (keepResiduals) residuals.push(fact.residual);
    paste(derained, fact.pixels, fact.rect.left, fact.rect.top);
    if (fact.rainMap) {
      rainMap ??= createPixels(image.width, image.height);
      paste(rainMap, rainMapOf(fact.rainMap, 1), fact.rect.left, fact.rect.top);
    }
  }
  return { derained, rainMap, residuals };
}

function paste(onto: Pixels, piece: Pixels, left: number, top: number): void {
  for (let y = 0; y < piece.height; y++) {
    const row = piece.data.subarray(y * piece.width * 4, (y + 1) * piece.width * 4);
    onto.data.set(row, ((top + y) * onto.width + left) * 4);
  }
}
