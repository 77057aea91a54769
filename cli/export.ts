import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphError } from '../src/core/weights/export/networkGraph.ts';
import { encodeOnnx } from '../src/core/weights/export/onnx.ts';
import { encodePytorch } from '../src/core/weights/export/pytorch.ts';
import { encodeTfjs, WEIGHTS_FILE } from '../src/core/weights/export/tfjs.ts';
import { decodeModel, ModelFileError } from '../src/core/weights/modelFile.ts';
import type { ModelFile } from '../src/core/weights/modelFile.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { choiceOption, readOptions, required } from './options.ts';
import { refuseOverwriting } from './overwriting.ts';
import { writeWhole } from './writeWhole.ts';
import type { FileToWrite } from './writeWhole.ts';

/** The files of each format; `out` is a file, of tfjs a folder. */
const formats = {
  onnx: (model: ModelFile, out: string): FileToWrite[] => [[out, encodeOnnx(model)]],
  pytorch: (model: ModelFile, out: string): FileToWrite[] => [[out, encodePytorch(model)]],
  tfjs: (model: ModelFile, out: string): FileToWrite[] => {
    const { json, weights } = encodeTfjs(model);
    return [
      [join(out, WEIGHTS_FILE), weights],
      [join(out, 'model.json'), json],
    ];
  },
} as const;
type Format = keyof typeof formats;

export const exportCommand: Command = {
  help: `
Writes a student or teacher for other programs; docs/exports.md shows how they load it.

Usage: npm run petrichor -- export --model FILE --format onnx --out FILE

  --model FILE      a student's or teacher's file
  --format onnx     onnx: opset 17, any image size
                    pytorch: safetensors with filters [out,in,kh,kw], named as modules are
                    tfjs: a graph model, model.json and its weights
  --out FILE        the file to write; of tfjs a folder
`,
  run: async (args) => {
    const { values, rest } = readOptions(args, { model: 'text', format: 'text', out: 'text' });
    if (rest.length > 0) throw new UsageError(`'${rest[0]}' belongs to no option.`);
    const path = required('model', values.model);
    const format = choiceOption('format', required('format', values.format), Object.keys(formats) as Format[]);
    const out = required('out', values.out);
    const files = formatted(await modelIn(path), format, out);
    refuseOverwriting(
      files.map(([target]) => target),
      [path],
    );
    await writeWhole(...files);
    for (const [target, content] of files) console.log(`${target}  ${(content.length / 1e3).toFixed(1)} kB`);
    return 0;
  },
};

async function modelIn(path: string): Promise<ModelFile> {
  try {
    return decodeModel(await readFile(path));
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    throw new UsageError(`${path}: ${error.message}`, { cause: error });
  }
}

function formatted(model: ModelFile, format: Format, out: string): FileToWrite[] {
  try {
    return formats[format](model, out);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new UsageError(`${error.message} Write it with --format pytorch.`, { cause: error });
  }
}
