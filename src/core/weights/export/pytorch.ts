import { networkWeights } from '../../architectures/registry.ts';
import type { NetworkShape } from '../../architectures/architecture.ts';
import { encodeSafetensors } from '../safetensors.ts';
import type { SafetensorsArray } from '../safetensors.ts';
import type { ModelFile, WeightArrays } from '../modelFile.ts';
import { outputsFirst } from './filterLayout.ts';

/**
 * A model as a safetensors file in PyTorch's layout and under the names of its modules: filters [cout,cin,kh,kw], blocks as
 * `blocks.0.conv1.weight`; of a teacher `f1.` or `f2.` comes before. For `load_state_dict`, see docs/exports.md.
 */
export function encodePytorch(model: ModelFile): Uint8Array<ArrayBuffer> {
  const arrays =
    model.role === 'student'
      ? moduleArrays('', model.shape, model.weights)
      : [
          ...moduleArrays('f1.', model.shapes.f1, model.weights.f1),
          ...moduleArrays('f2.', model.shapes.f2, model.weights.f2),
        ];
  const shape = model.role === 'student' ? model.shape : model.shapes;
  return encodeSafetensors(new Map(arrays), {
    format: 'pt',
    generator: 'petrichor',
    role: model.role,
    shape: JSON.stringify(shape),
    ...(model.provenance && { provenance: JSON.stringify(model.provenance) }),
  });
}

function moduleArrays(prefix: string, shape: NetworkShape, weights: WeightArrays): [string, SafetensorsArray][] {
  return networkWeights(shape).map(({ name, shape: dims }) => {
    const data = weights.get(name);
    if (!data) throw new Error(`There is no weight named ${name}.`);
    const moduleName = prefix + name.replace(/^block(\d+)\./, 'blocks.$1.');
    if (dims.length !== 4) return [moduleName, { shape: dims, data }];
    const [height, width, inputs, outputs] = dims as [number, number, number, number];
    return [
      moduleName,
      { shape: [outputs, inputs, height, width], data: outputsFirst(data, height * width, inputs, outputs) },
    ];
  });
}
