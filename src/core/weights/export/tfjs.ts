import { concatBytes } from '../protobufWriter.ts';
import type { ModelFile } from '../modelFile.ts';
import { buildNetwork } from './networkGraph.ts';
import { TfjsGraph } from './tfjsGraph.ts';

export interface TfjsModel {
  /** model.json. */
  readonly json: string;
  /** The file that model.json calls `WEIGHTS_FILE`. */
  readonly weights: Uint8Array;
}

export const WEIGHTS_FILE = 'weights.bin';

/**
 * A model as a TensorFlow.js graph model, for `tf.loadGraphModel` and `executeAsync`: input `image` [n,h,w,3], RGB in 0…1, any
 * sides; output `derained` likewise, not clipped, and of a teacher `rain_map`. Throws GraphError for a network whose
 * architecture has no graph.
 */
export function encodeTfjs(model: ModelFile): TfjsModel {
  const graph = new TfjsGraph();
  const image = graph.placeholder('image');
  const outputs: Record<string, string> = {};
  if (model.role === 'student') {
    outputs['derained'] = buildNetwork(graph, image, model.shape, model.weights);
  } else {
    const { shapes, weights } = model;
    const z = buildNetwork(graph, image, shapes.f1, weights.f1, 'f1/');
    outputs['derained'] = buildNetwork(graph, graph.subtract(image, z), shapes.f2, weights.f2, 'f2/');
    outputs['rain_map'] = z;
  }
  for (const [name, value] of Object.entries(outputs)) graph.node('Identity', [value], {}, name);
  const { arrays, functions } = graph.common;
  const manifest = [...arrays].map(([name, { shape, data }]) => ({
    name,
    shape,
    dtype: data instanceof Float32Array ? 'float32' : 'int32',
  }));
  const json = {
    format: 'graph-model',
    generatedBy: 'petrichor',
    convertedBy: null,
    userDefinedMetadata: {
      role: model.role,
      shape: model.role === 'student' ? model.shape : model.shapes,
      provenance: model.provenance,
    },
    signature: {
      inputs: { image: signature('image') },
      outputs: Object.fromEntries(Object.keys(outputs).map((name) => [name, signature(name)])),
    },
    modelTopology: { node: graph.nodes, library: { function: functions }, versions: { producer: 1645 } },
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: manifest }],
  };
  const bytes = [...arrays.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { json: JSON.stringify(json), weights: concatBytes(bytes) };
}

function signature(name: string): object {
  const dim = ['-1', '-1', '-1', '3'].map((size) => ({ size }));
  return { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } };
}
