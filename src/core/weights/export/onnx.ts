import type { NetworkShape } from '../../architectures/architecture.ts';
import { architectureNamed } from '../../architectures/registry.ts';
import { message } from '../protobufWriter.ts';
import type { Field } from '../protobufWriter.ts';
import type { ModelFile } from '../modelFile.ts';
import { buildNetwork } from './networkGraph.ts';
import { OnnxGraph } from './onnxGraph.ts';

const IR_VERSION = 8;
const OPSET = 17;

/**
 * A model as an ONNX file, opset 17: input `image` [batch,3,height,width], RGB in 0…1, any sides; output `derained` likewise,
 * not clipped, and of a teacher `rain_map`. Throws GraphError for a network whose architecture has no graph.
 */
export function encodeOnnx(model: ModelFile): Uint8Array {
  const graph = new OnnxGraph();
  const outputs = model.role === 'student' ? ['derained'] : ['derained', 'rain_map'];
  if (model.role === 'student') {
    graph.node('Identity', [buildNetwork(graph, 'image', model.shape, model.weights)], [], 'derained');
  } else {
    const { shapes, weights } = model;
    const z = buildNetwork(graph, 'image', shapes.f1, weights.f1, 'f1/');
    const y = buildNetwork(graph, graph.subtract('image', z), shapes.f2, weights.f2, 'f2/');
    graph.node('Identity', [y], [], 'derained');
    graph.node('Identity', [z], [], 'rain_map');
  }
  const metadata = Object.entries({
    role: model.role,
    range: '0..1',
    layout: 'RGB, NCHW',
    multiple: '1',
    ...tiling(model.role === 'student' ? [model.shape] : [model.shapes.f1, model.shapes.f2]),
    shape: JSON.stringify(model.role === 'student' ? model.shape : model.shapes),
    ...(model.provenance && { provenance: JSON.stringify(model.provenance) }),
  });
  return message([
    [1, IR_VERSION],
    [2, 'petrichor'],
    [7, graph.finish(model.role, ['image'], outputs)],
    [
      8,
      message([
        [1, ''],
        [2, OPSET],
      ]),
    ],
    ...metadata.map(([key, value]): Field => [
      14,
      message([
        [1, key],
        [2, value],
      ]),
    ]),
  ]);
}

/** How an image is cut for networks in a row, so that tiles give what the whole image gives. */
function tiling(shapes: readonly NetworkShape[]): Record<string, string> {
  const radius = shapes.reduce((sum, shape) => sum + architectureNamed(shape.architecture).radius(shape), 0);
  const needsWhole = shapes.some(({ architecture }) => architectureNamed(architecture).octaves);
  return needsWhole || radius === Infinity ? { tile: 'whole' } : { tile: '512', overlap: String(radius) };
}
