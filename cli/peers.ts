import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {
  allArchitectures,
  applyNetwork,
  architectureNamed,
  networkWeights,
  parameterCount,
} from '../src/core/architectures/registry.ts';
import type { Architecture, NetworkShape } from '../src/core/architectures/architecture.ts';
import type { Student } from '../src/core/weights/modelFile.ts';
import { backendChoices, startBackend } from './backend.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { listGoldenFiles, readGolden } from './goldenFile.ts';
import type { GoldenFile } from './goldenFile.ts';
import { readModel } from './modelPath.ts';
import type { ModelPath } from './modelPath.ts';
import { choiceOption, readOptions, wholeOption } from './options.ts';

export const peersCommand: Command = {
  help: `
Lists the networks that can be run and trained, with the size each was published in; with --check, compares them with
their authors' own.

Usage: npm run petrichor -- peers [--check DIR]

  --check DIR       a folder of golden files: DIR/*.json with input, output, tolerance and the name of a file of weights.
                    One line per file with the largest difference; the exit status is 1 when one is too large
  --only NAME       the golden files whose names begin like this
  --backend wasm    ${backendChoices.join(', ')}
  --threads N       threads of WASM

A file of a published network is recognized by its arrays: safetensors, .pth and .pt, .caffemodel, .mat, or the .index of a
TensorFlow checkpoint. PReNet and the 4-stage PReNet of its authors' real photos have the same ones, as have DDN and SIRR:
evaluate --model prenet-real=FILE says that it is the second. UMRL normalizes by the statistics of the image at hand, as in its
authors' test; umrl:stored=FILE by the stored ones.
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, { check: 'text', only: 'text', backend: 'text', threads: 'text' });
    if (rest.length > 0) throw new UsageError(`What is '${rest[0]}' for?`);
    if (values.check === undefined) {
      for (const line of networkTable()) console.log(line);
      return 0;
    }
    const backend = choiceOption('backend', values.backend ?? 'wasm', backendChoices);
    const threads = values.threads === undefined ? undefined : wholeOption('threads', values.threads, 1, 256);
    const files = await listGoldenFiles(values.check, values.only ?? '');
    let deviceError: string | null = null;
    console.error(
      `Computing by ${await startBackend(backend, threads, (reason) => {
        deviceError ??= reason;
      })}`,
    );
    let failed = 0;
    for (const file of files) {
      const { line, passed } = await checkedLine(values.check, file);
      if (deviceError !== null) throw new Error(`The graphics device failed: ${deviceError}`);
      console.log(line);
      if (!passed) failed++;
    }
    console.log(`${files.length - failed} of ${files.length} within their tolerance`);
    return failed === 0 ? 0 : 1;
  },
};

function networkTable(): string[] {
  const rows = allArchitectures().map((architecture) => {
    const shape = usualShape(architecture);
    const radius = architecture.radius(shape);
    return [
      architecture.id,
      architecture.title,
      parameterCount(shape).toLocaleString('en'),
      Math.round(architecture.multiplyAdds(shape)).toLocaleString('en'),
      radius === Infinity ? 'whole image' : `${radius}`,
    ];
  });
  const table = [['id', 'network', 'parameters', 'multiply-adds/pixel', 'radius'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
  );
}

/** As published. */
function usualShape(architecture: Architecture): NetworkShape {
  const { usual, isFitted } = architecture;
  if (isFitted) return architecture.parse({ components: usual.filters, imageSkip: true });
  return architecture.ofSize({ ...usual, imageSkip: true });
}

async function checkedLine(folder: string, file: string): Promise<{ readonly line: string; readonly passed: boolean }> {
  const id = basename(file, '.json').padEnd(26);
  try {
    const golden = await readGolden(file);
    const model = await readModel({ path: join(folder, golden.weights), ...wantedNetwork(golden) });
    if (model.role !== 'student') throw new Error('The weights are of a teacher of ours.');
    const difference = await largestDifference(golden, model);
    const passed = difference <= golden.tolerance;
    const numbers = `${difference.toExponential(1)}  tolerance ${golden.tolerance.toExponential(1)}`;
    return { line: `${passed ? 'ok  ' : 'FAIL'}  ${id}  ${model.shape.architecture.padEnd(14)}  ${numbers}`, passed };
  } catch (error) {
    return { line: `FAIL  ${id}  ${error instanceof Error ? error.message : String(error)}`, passed: false };
  }
}

/** The network, where arrays alone do not tell it. */
function wantedNetwork({ system, variant }: GoldenFile): Pick<ModelPath, 'wanted'> {
  if (system === 'PReNet' && /\breal\b/.test(variant)) return { wanted: { architecture: 'prenet-real' } };
  if (system === 'UMRL' && /\brunning\b/.test(variant)) return { wanted: { architecture: 'umrl', choice: 'stored' } };
  return system === 'SIRR' ? { wanted: { architecture: 'sirr' } } : {};
}

/** Of the derained image and, where both know one, the rain map. NaN where a result is none. */
async function largestDifference(golden: GoldenFile, { shape, weights }: Student): Promise<number> {
  const { width, height, input, output, rain } = golden;
  const { layers } = architectureNamed(shape.architecture);
  const { y, z } = tf.tidy((): { y: tf.Tensor; z?: tf.Tensor } => {
    const tensors = new Map(
      networkWeights(shape).map(({ name, shape: dims }) => [name, tf.tensor(weights.get(name)!, [...dims])]),
    );
    const x = tf.tensor4d(input, [1, height, width, 3]);
    return layers && rain ? { ...layers(x, tensors, shape) } : { y: applyNetwork(x, tensors, shape) };
  });
  const difference = async (made: tf.Tensor, wanted: Float64Array): Promise<number> =>
    Math.max(...Array.from((await made.data()) as Float32Array, (value, i) => Math.abs(value - wanted[i]!)));
  const differences = [await difference(y, output), ...(z ? [await difference(z, rain!)] : [])];
  tf.dispose(z ? [y, z] : y);
  return Math.max(...differences);
}
